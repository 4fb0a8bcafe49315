import { splitTarget } from './split-target.js';

describe('splitTarget', () => {
  it.each([
    ['/ws', '/ws', ''],
    ['/ws?', '/ws', ''],
    ['/ws?a=1', '/ws', 'a=1'],
    ['/ws/?a=1?b=2', '/ws/', 'a=1?b=2'],
    ['?a', '', 'a'],
    ['/%3F?%3F', '/%3F', '%3F'],
    ['/http://a/ws', '/http://a/ws', ''],
  ])('splits %s at the first question mark', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });

  it.each([
    ['http://signal.example.org:1234/ws?a=1', '/ws', 'a=1'],
    ['HTTPS://[::1]/room/x/websocket', '/room/x/websocket', ''],
    ['http://a?b', '', 'b'],
  ])('leaves out what a proxy is told in %s', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});
