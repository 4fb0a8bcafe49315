import { splitTarget } from './split-target.js';

describe('splitTarget', () => {
  it.each([
    ['/ws', '/ws', ''],
    ['/ws?', '/ws', ''],
    ['/ws?a=1', '/ws', 'a=1'],
    ['/ws/?a=1?b=2', '/ws/', 'a=1?b=2'],
    ['?a', '', 'a'],
    ['/%3F?%3F', '/%3F', '%3F'],
  ])('splits %s at the first question mark', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});
