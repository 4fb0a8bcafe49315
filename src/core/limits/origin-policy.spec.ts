import { Logger } from '@nestjs/common';
import { parseSettings } from '../../config/parse-settings.js';
import { OriginPolicy } from './origin-policy.js';

const policy = (CORS_ORIGINS: string, DEV = 'false'): OriginPolicy =>
  new OriginPolicy(parseSettings({ CORS_ORIGINS, DEV }));

describe('OriginPolicy', () => {
  const listed = policy('https://App.example.org:8443, b.example, http://localhost');

  it('allows who has no Origin: no browser', () => {
    expect(listed.allows(undefined)).toBe(true);
    expect(policy('').allows(undefined)).toBe(true);
  });

  it.each([
    'https://app.example.org:8443',
    'HTTPS://APP.EXAMPLE.ORG:8443',
    'https://b.example',
    'http://B.Example:1234',
    'http://localhost',
  ])('allows %s: an entry, or its host name is one, in any case', (origin) => {
    expect(listed.allows(origin)).toBe(true);
  });

  it.each([
    'https://app.example.org',
    'http://app.example.org:8443',
    'https://evil.b.example',
    'https://b.example.evil.org',
    'https://evil.org/b.example',
    'http://b.example@evil.org',
    'http://localhost:5173',
    'null',
    '',
    'b',
    'not an origin',
  ])('refuses %j', (origin) => {
    expect(listed.allows(origin)).toBe(false);
  });

  it('refuses every browser with an empty list, for which * stands as well', () => {
    for (const list of ['', '*', '*,,*']) {
      expect(policy(list).allows('https://app.example.org')).toBe(false);
      expect(policy(list).allows('*')).toBe(false);
    }
  });

  it('allows everybody in development, whatever the list', () => {
    for (const list of ['', '*', 'https://other.example']) {
      expect(policy(list, 'true').allows('https://app.example.org')).toBe(true);
      expect(policy(list, 'true').allows('null')).toBe(true);
    }
  });

  it('warns at the start when every browser is refused, and only then', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    for (const silent of [listed, policy('', 'true'), policy('*', 'true')]) silent.onModuleInit();
    expect(warn).not.toHaveBeenCalled();
    for (const list of ['', '*']) policy(list).onModuleInit();
    expect(warn).toHaveBeenCalledTimes(2);
  });
});
