import fc from 'fast-check';
import { parseUuid } from './uuid.js';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const PLAIN = UUID.replaceAll('-', '');

describe('parseUuid', () => {
  it.each([UUID, PLAIN, `urn:uuid:${UUID}`, `URN:UUID:${UUID}`, `{${UUID}}`])('takes the form %s', (text) => {
    expect(parseUuid(text)).toBe(UUID);
    expect(parseUuid(text.toUpperCase())).toBe(UUID);
  });

  it('takes every UUID in every form, in any case, for one and the same', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.func(fc.boolean()), (uuid, isUpper) => {
        const mixed = uuid.replace(/[a-f]/g, (digit, at) => (isUpper(at) ? digit.toUpperCase() : digit));
        const forms = [mixed, mixed.replaceAll('-', ''), `urn:uuid:${mixed}`, `{${mixed}}`];
        expect(new Set(forms.map(parseUuid))).toEqual(new Set([uuid]));
      }),
    );
  });

  it.each([
    '',
    'room',
    UUID.slice(1),
    `${UUID}0`,
    ` ${UUID}`,
    `${UUID}\n`,
    `{${UUID}`,
    `${UUID}}`,
    `(${UUID})`,
    `{${PLAIN}}`,
    `urn:uuid:${PLAIN}`,
    `uuid:${UUID}`,
    `urn:uuid:{${UUID}}`,
    UUID.replace('-', ''),
    UUID.replace('0f8fad5b-d9cb', '0f8fad5bd-9cb'),
    UUID.replace('f', 'g'),
    UUID.replaceAll('-', '_'),
    UUID.replace('0', '０'),
  ])('takes %j for none', (text) => {
    expect(parseUuid(text)).toBeUndefined();
  });

  it('answers undefined or a UUID in its normal form for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseUuid(text) ?? UUID).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      }),
    );
  });
});
