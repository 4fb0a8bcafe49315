import { readCandidate, writeCandidate } from './candidate.js';
import { localCandidates } from './local-candidates.js';

const HOST = 'candidate:1 1 UDP 2122260223 192.0.2.7 50000 typ host';

describe('readCandidate', () => {
  it.each([
    HOST,
    'candidate:842163049 1 udp 1677729535 203.0.113.9 51000 typ srflx raddr 10.0.0.1 rport 51000 generation 0',
    'a=candidate:1 1 UDP 1 2001:db8::1 9 typ relay',
    ` ${HOST}\r\n`,
  ])('takes %j', (text) => {
    expect(readCandidate(text)).toBeDefined();
  });

  it.each([
    '',
    'candidate:',
    'candidate:1 1 UDP 2122260223 4f2c9b1e-7a1d-4c7d-9e59-0c3b2b1d6f10.local 50000 typ host',
    'candidate:1 1 UDP 2122260223 attacker.example 50000 typ host',
    HOST.replace('UDP', 'tcp'),
    HOST.replace(' 1 UDP', ' 2 UDP'),
    HOST.replace('50000', '0'),
    HOST.replace('50000', '65536'),
    HOST.replace('2122260223', '9999999999'),
    HOST.replace('192.0.2.7', '999.0.2.7'),
    HOST.replace('192.0.2.7', '::g'),
    HOST.replace('typ host', 'typ magic'),
    HOST.replace('candidate:1', `candidate:${'1'.repeat(33)}`),
    HOST.replace(' typ', '\u0000 typ'),
    `${HOST}\r\na=setup:active`.replace('host\r\n', 'ho\r\n'),
  ])('leaves aside %j', (text) => {
    expect(readCandidate(text)).toBeUndefined();
  });

  it('hands on nothing of the rest of the line', () => {
    expect(writeCandidate(readCandidate(`${HOST} raddr attacker.example rport 1\r\na=x`)!)).toBe(HOST);
  });
});

describe('localCandidates', () => {
  it('are those the engine found', () => {
    expect(localCandidates([HOST], 5000, '').map(writeCandidate)).toEqual([HOST]);
  });

  it('are the announced address instead, once, on the media port', () => {
    const [only, ...others] = localCandidates([HOST, HOST.replace('.7', '.8')], 5000, '198.51.100.1');
    expect(only).toMatchObject({ address: '198.51.100.1', port: 5000, type: 'host' });
    expect(others).toEqual([]);
  });

  it('are loopback where there is no other network', () => {
    expect(localCandidates([], 5000, '')).toMatchObject([{ address: '127.0.0.1', port: 5000 }]);
  });
});
