import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually.js';
import { killRedisServers, RedisServer } from '../../../test/support/redis-server.js';
import { parseRedisUrl } from '../../config/redis-url.js';
import { SystemClock } from '../../core/clock.js';
import type { Message } from './publishing.js';
import { RedisLink } from './redis-link.js';

jest.setTimeout(120_000);

const PATIENCE = { timeout: 60_000 };
const UNAVAILABLE = { code: 'unavailable', headers: { 'Retry-After': '1' } };

describe('RedisLink', () => {
  const links: RedisLink[] = [];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterEach(async () => {
    for (const link of links.splice(0)) link.onApplicationShutdown();
    await killRedisServers();
  });

  async function linked(url: string): Promise<RedisLink> {
    const link = new RedisLink(parseRedisUrl(url), new SystemClock());
    links.push(link);
    await link.onModuleInit();
    return link;
  }

  const message = (body: Buffer): Message => ({ bytes: body.length, writeTo: (target, at) => body.copy(target, at) });
  const set = (link: RedisLink, value: string) => link.command((redis) => redis.set('k', value));
  const isUp = (link: RedisLink) => eventually(() => link.up, PATIENCE);
  const isDown = (link: RedisLink) => eventually(() => !link.up, PATIENCE);

  it('is up once the server is there, and says so to who asks late', async () => {
    const link = await linked((await RedisServer.start()).url);
    await isUp(link);
    const heard = jest.fn();
    link.onUp(heard);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(await set(link, 'v')).toBe('OK');
  });

  it('fails at once while the server is away, tells both turns, and works again by itself', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    const turns: string[] = [];
    link.onDown(() => turns.push('down'));
    link.onUp(() => turns.push('up'));
    await server.kill();
    await isDown(link);
    const asked = performance.now();
    for (let i = 0; i < 100; i++) await expect(set(link, 'v')).rejects.toMatchObject(UNAVAILABLE);
    expect(performance.now() - asked).toBeLessThan(1000);
    await server.start();
    await isUp(link);
    await set(link, 'again');
    expect(turns).toEqual(['up', 'down', 'up']);
  });

  it('is not up at the start without a server, and says why, until it arrives', async () => {
    const server = await RedisServer.start();
    await server.kill();
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const link = await linked(server.url);
    expect(link.up).toBe(false);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('ECONNREFUSED')]]);
    warn.mockRestore();
    await expect(set(link, 'v')).rejects.toMatchObject(UNAVAILABLE);
    await server.start();
    await isUp(link);
  });

  it('leaves no command without an answer when the server stands still', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    server.pause();
    await expect(set(link, 'v')).rejects.toMatchObject(UNAVAILABLE);
    await isDown(link);
    server.resume();
    await isUp(link);
    await set(link, 'v');
  });

  it('does not take a replica for the server, until it is promoted', async () => {
    const replica = await (await RedisServer.start()).replicate();
    const link = await linked(replica.url);
    expect(link.up).toBe(false);
    await replica.promote();
    await isUp(link);
    await set(link, 'v');
  });

  it('sends all of one tick in one packet', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    const { stream } = await link.command(async (redis) => redis);
    const packets = jest.spyOn(stream, '_writev');
    const single = jest.spyOn(stream, '_write');
    const beat = link.script('heartbeat');
    await Promise.all(Array.from({ length: 50 }, () => beat(['k'])));
    expect(packets.mock.calls.length + single.mock.calls.length).toBeLessThan(5); // a heartbeat may come in between
  });

  it('has at most 10,000 messages under way to a server that stands still, and begins anew when it is back', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    server.pause();
    for (let i = 0; i < 10_000; i++) expect(link.publish('channel', message(Buffer.from('message')))).toBe(true);
    expect(link.publish('channel', message(Buffer.from('one more')))).toBe(false);
    await isDown(link);
    expect(link.publish('channel', message(Buffer.from('to nobody')))).toBe(false);
    server.resume();
    await isUp(link);
    expect(link.publish('channel', message(Buffer.from('message')))).toBe(true);
    await set(link, 'v');
  });

  it('publishes in order with the commands, bytes as they are, also to a channel whose name is not ASCII', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    const heard: string[] = [];
    link.listen('é', (message) => heard.push(message.toString('hex')));
    await link.command((redis) => redis.ping());
    link.publish('é', message(Buffer.from([0, 13, 10, 255])));
    const written = set(link, 'v');
    link.publish('é', message(Buffer.alloc(0)));
    const read = link.command((redis) => redis.get('k'));
    expect([await written, await read, heard]).toEqual(['OK', 'v', ['000d0aff', '']]);
  });

  it('keeps what the server does not take yet as it was sent', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    const heard: number[] = [];
    link.listen('channel', (body) => heard.push(body.every((byte) => byte === body[0]) ? body[0]! : -1));
    await link.command((redis) => redis.ping());
    server.pause();
    const sent = Array.from({ length: 200 }, (_, i) => i);
    for (const i of sent) expect(link.publish('channel', message(Buffer.alloc(64 * 1024, i)))).toBe(true);
    server.resume();
    await eventually(() => expect(heard).toEqual(sent), { timeout: 60_000 });
  });

  it('goes on after the server has forgotten its scripts', async () => {
    const server = await RedisServer.start();
    const link = await linked(server.url);
    await isUp(link);
    const beat = link.script('heartbeat');
    await server.client.call('SCRIPT', 'FLUSH');
    const time = Number(await beat(['k']));
    expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
  });

  it('passes on what the server says against a command', async () => {
    const link = await linked((await RedisServer.start()).url);
    await isUp(link);
    await set(link, 'text');
    await expect(link.command((redis) => redis.incr('k'))).rejects.toThrow('not an integer');
  });
});
