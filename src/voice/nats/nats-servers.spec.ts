import { natsServers } from './nats-servers.js';

describe('natsServers', () => {
  it.each([
    [['nats://localhost:4222'], { servers: ['localhost:4222'] }],
    [['localhost', 'n2:5222'], { servers: ['localhost', 'n2:5222'] }],
    [['nats://[::1]:4222/'], { servers: ['[::1]:4222'] }],
    [['tls://n1', 'n2'], { servers: ['n1', 'n2'], tls: {} }],
    [['n1', 'nats://u%40x:p%3A1@n2:1'], { servers: ['n1', 'n2:1'], user: 'u@x', pass: 'p:1' }],
    [['nats://secret@n1'], { servers: ['n1'], token: 'secret' }],
  ])('reads %j', (entries, options) => {
    expect(natsServers(entries)).toEqual(options);
  });
});
