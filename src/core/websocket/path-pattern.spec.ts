import fc from 'fast-check';
import { PathPattern } from './path-pattern.js';

describe('a path without named segments', () => {
  const pattern = new PathPattern('/ws');

  it.each(['/ws', '/ws/', '/%77s', '/w%73/'])('matches %s', (path) => {
    expect(pattern.match(path)).toEqual({});
  });

  it.each([
    '/',
    '',
    'ws',
    '//ws',
    '/ws//',
    '/WS',
    '/wss',
    '/w',
    '/ws/x',
    '/x/ws',
    '/ws%2F',
    '/ws%20',
    'http://host/ws',
  ])('does not match %j', (path) => {
    expect(pattern.match(path)).toBeUndefined();
  });
});

describe('a path with named segments', () => {
  const pattern = new PathPattern('/room/:room/websocket');

  it.each([
    ['/room/a/websocket', 'a'],
    ['/room/a/websocket/', 'a'],
    ['/room/a%20b%2Fc/websocket', 'a b/c'],
    ['/room/%C3%A9/websocket', 'é'],
    ['/room/:room/websocket', ':room'],
    ['/room/__proto__/websocket', '__proto__'],
    ['/room//websocket', ''],
  ])('captures them decoded: %s', (path, room) => {
    expect(pattern.match(path)).toEqual({ room });
  });

  it.each(['/room/a', '/room/a/b/websocket', '/rooms/a/websocket', '/room/websocket', '/room/a/Websocket'])(
    'does not match %s',
    (path) => {
      expect(pattern.match(path)).toBeUndefined();
    },
  );

  it.each(['/room/%/websocket', '/room/%E0%A4/websocket', '/room/%zz/websocket'])(
    'throws on bad escapes: %s',
    (path) => {
      expect(() => pattern.match(path)).toThrow(URIError);
    },
  );

  it('captures any text that was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (room) => {
        expect(pattern.match(`/room/${encodeURIComponent(room)}/websocket`)).toEqual({ room });
      }),
    );
  });
});

describe('a path with a rest', () => {
  const pattern = new PathPattern('/sigver/*key');

  it.each([
    ['/sigver/a', 'a'],
    ['/sigver/', ''],
    ['/sigver/a/', 'a/'],
    ['/sigver/a/b//c', 'a/b//c'],
    ['/sigver//', '/'],
    ['/sigver/a%2Fb%20', 'a%2Fb%20'],
    ['/sigver/%', '%'],
    ['/sigver/*key', '*key'],
    ['/%73igver/a', 'a'],
  ])('captures it as it was sent: %s', (path, key) => {
    expect(pattern.match(path)).toEqual({ key });
  });

  it.each(['/sigver', '/', '', '/Sigver/a', '/x/sigver/a', 'sigver/a', 'http://host/sigver/a'])(
    'does not match %j',
    (path) => {
      expect(pattern.match(path)).toBeUndefined();
    },
  );

  it.each([
    ['/', ''],
    ['/a', 'a'],
    ['//', '/'],
  ])('may be nothing but that: %s', (path, key) => {
    expect(new PathPattern('/*key').match(path)).toEqual({ key });
  });

  it('captures any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(pattern.match(`/sigver/${key}`)).toEqual({ key });
      }),
    );
  });

  it('may follow named segments', () => {
    expect(new PathPattern('/x/:name/*rest').match('/x/a%20b/c%20d/')).toEqual({ name: 'a b', rest: 'c%20d/' });
  });
});
