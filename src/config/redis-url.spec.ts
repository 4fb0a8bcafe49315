import { parseRedisUrl } from './redis-url.js';

describe('REDIS_URL', () => {
  it.each([
    ['redis://cache', { at: { host: 'cache', port: 6379 }, db: 0, tls: false }],
    ['redis://10.0.0.1:6380/3', { at: { host: '10.0.0.1', port: 6380 }, db: 3, tls: false }],
    ['redis://[::1]:6380', { at: { host: '::1', port: 6380 }, db: 0, tls: false }],
    ['rediss://cache/', { at: { host: 'cache', port: 6379 }, db: 0, tls: true }],
    ['redis://:secret@cache', { at: { host: 'cache', port: 6379 }, db: 0, tls: false, password: 'secret' }],
    [
      'redis://me:p%40ss%2Fword@cache',
      { at: { host: 'cache', port: 6379 }, db: 0, tls: false, username: 'me', password: 'p@ss/word' },
    ],
    [
      'redis+sentinel://:secret@one,two:26380/main/4',
      {
        at: {
          sentinels: [
            { host: 'one', port: 26_379 },
            { host: 'two', port: 26_380 },
          ],
          master: 'main',
        },
        db: 4,
        tls: false,
        password: 'secret',
      },
    ],
  ])('%s', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  it.each([
    '',
    'cache',
    'cache:6379',
    'http://cache',
    'redis:cache',
    'redis://',
    'redis://cache:',
    'redis://cache:65536',
    'redis://cache:0',
    'redis://cache/one',
    'redis://cache/1/2',
    'redis://cache?db=1',
    'redis://one,two',
    'redis://p@ss@cache',
    'redis+sentinel://one',
    'redis+sentinel://one/',
    'redis+sentinel://one,/main',
    'redis+sentinel://one/main/0/1',
    'redis://%zz@cache',
  ])('is not %j', (url) => {
    expect(() => parseRedisUrl(url)).toThrow();
  });
});
