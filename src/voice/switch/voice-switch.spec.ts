import { Logger } from '@nestjs/common';
import { parseSettings } from '../../config/parse-settings.js';
import { AbsentPaths } from '../../core/http/absent-paths.js';
import { PermissionService } from '../permissions/permission.service.js';
import { VoiceSwitch } from './voice-switch.js';

const HOST = 'http://permissions';
const OFF = 'log: off: neither PERMISSIONS_HOST nor DEV is set';
const OPEN = 'warn: PERMISSIONS_HOST is not set: everyone may join every conversation';

describe('VOICE', () => {
  let said: string[];

  beforeEach(() => {
    said = [];
    for (const level of ['log', 'warn'] as const) {
      const note = (...[line]: unknown[]): void => void said.push(`${level}: ${String(line)}`);
      jest.spyOn(Logger.prototype, level).mockImplementation(note);
    }
  });
  afterEach(() => jest.restoreAllMocks());

  const start = (voice: string, host: string, dev: string) => {
    const settings = parseSettings({ VOICE: voice, PERMISSIONS_HOST: host, DEV: dev });
    const absent = new AbsentPaths();
    const voiceSwitch = new VoiceSwitch(settings, absent);
    voiceSwitch.onModuleInit();
    new PermissionService(settings, voiceSwitch).onModuleInit();
    for (const path of ['/connect', '/join/room']) expect(absent.has(path)).toBe(!voiceSwitch.on);
    return { on: voiceSwitch.on, said };
  };

  it.each([
    ['auto', '', 'true', true, [OPEN]],
    ['auto', '', 'false', false, [OFF]],
    ['auto', HOST, 'true', true, []],
    ['auto', HOST, 'false', true, []],
    ['on', '', 'true', true, [OPEN]],
    ['on', HOST, 'true', true, []],
    ['on', HOST, 'false', true, []],
    ['off', '', 'true', false, []],
    ['off', '', 'false', false, []],
    ['off', HOST, 'true', false, []],
    ['off', HOST, 'false', false, []],
  ])('%s with PERMISSIONS_HOST "%s" and DEV %s: on is %s, and said is %j', (voice, host, dev, on, lines) => {
    expect(start(voice, host, dev)).toEqual({ on, said: lines });
  });

  it('on is refused where nobody could join', () => {
    expect(() => start('on', '', 'false')).toThrow('VOICE: "on" is not allowed');
  });
});
