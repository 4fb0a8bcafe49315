import { isIP } from 'node:net';
import { isAddressOrEmpty, isHttpUrl, isNatsServer, isProxyRange, isReadable, isRedisUrl } from './formats.js';
import { Duration, Flag, Integer, List, OneOf, OptionalPort, Text } from './kinds.js';
import { Setting } from './setting.decorator.js';

const MIB = 1024 * 1024;
const MAX_COUNT = 1_000_000_000;

/**
 * Everything an operator can set, validated, durations in milliseconds. Injected by its class. The README's table is
 * made from these declarations (`npm run settings-table`).
 */
export class Settings {
  @Setting({ default: '0.0.0.0', help: 'Address to listen on' })
  @Text('an IP address or a host name', (text) => isIP(text) > 0 || /^[\w.-]+$/.test(text))
  readonly host!: string;

  @Setting({ default: '1234', help: 'Port for HTTP and WebSocket; 0 takes any free one' })
  @Integer(0, 65_535)
  readonly port!: number;

  @Setting({ default: '10m', help: 'Life of a code; how long mail is kept after the last peer of a room has left' })
  @Duration('1s', '720h')
  readonly roomTtl!: number;

  @Setting({
    default: '20s',
    aliases: ['WS_HEARTBEAT'],
    help: 'Time between pings; a socket silent for another is closed',
  })
  @Duration('100ms', '1h')
  readonly heartbeat!: number;

  @Setting({ default: String(MIB), help: 'Largest WebSocket message in bytes; a larger one closes with 1009' })
  @Integer(1025, 256 * MIB)
  readonly wsMaxMsg!: number;

  @Setting({
    default: '4096',
    aliases: ['WS_READ_BUFFER'],
    help: "High-water mark of a socket's readable side in bytes",
  })
  @Integer(256, 16 * MIB)
  readonly wsReadBuf!: number;

  @Setting({
    default: '4096',
    aliases: ['WS_WRITE_BUFFER'],
    help: 'Bytes that may wait in a socket before the mailbox pauses until they are sent',
  })
  @Integer(256, 16 * MIB)
  readonly wsWriteBuf!: number;

  @Setting({
    default: String(4 * MIB),
    help: 'Bytes that may wait for one socket; more closes it with 4000 (slow reader)',
  })
  @Integer(1024, 1024 * MIB)
  readonly wsMaxBuffered!: number;

  @Setting({
    default: '0',
    help: 'WebSocket messages per second from one socket; more closes it with 4002; 0 = no limit',
  })
  @Integer(0, MAX_COUNT)
  readonly wsFramesPerSec!: number;

  @Setting({
    default: '100',
    help: 'Unusable frames per minute from one socket; more closes it with 4501; 0 = no limit',
  })
  @Integer(0, MAX_COUNT)
  readonly wsBadFramesPerMin!: number;

  @Setting({ default: '0', help: 'API requests per minute and address; more get 429; 0 = no limit' })
  @Integer(0, MAX_COUNT)
  readonly httpRatePerMin!: number;

  @Setting({ default: '0', help: 'WebSocket handshakes per minute and address; more get 429; 0 = no limit' })
  @Integer(0, MAX_COUNT)
  readonly wsRatePerMin!: number;

  @Setting({ default: '20', help: 'Failed redeems per minute and address; then 429 for the rest of it; 0 = no limit' })
  @Integer(0, MAX_COUNT)
  readonly redeemFailsPerMin!: number;

  @Setting({ default: '50000', help: 'WebSockets on this node; more handshakes get 503' })
  @Integer(1, 10_000_000)
  readonly maxConnections!: number;

  @Setting({ default: '0', help: 'WebSockets per address; more handshakes get 429; 0 = no limit' })
  @Integer(0, 10_000_000)
  readonly maxConnectionsPerAddress!: number;

  @Setting({ default: '10000', help: 'Frames a mailbox holds for one side; the newest beyond is refused' })
  @Integer(1, MAX_COUNT)
  readonly mailboxMaxFrames!: number;

  @Setting({ default: String(16 * MIB), help: 'Payload bytes a mailbox holds for one side' })
  @Integer(1, MAX_COUNT)
  readonly mailboxMaxBytes!: number;

  @Setting({ default: String(1024 * MIB), help: 'Bytes all mailboxes hold together, overhead included' })
  @Integer(1, 1024 * MAX_COUNT)
  readonly mailboxTotalBytes!: number;

  @Setting({ default: '256', help: 'Peers in a named room; the next one gets the error `room_full`' })
  @Integer(1, 1_000_000)
  readonly roomsMaxPeers!: number;

  @Setting({ default: 'false', help: 'Named rooms: whoever registers must prove that the private key is theirs' })
  @Flag()
  readonly roomsRequireProof!: boolean;

  @Setting({ default: '10s', help: 'A socket in a named room that has not registered by then is closed with 4502' })
  @Duration('100ms', '1h')
  readonly roomsRegisterTimeout!: number;

  @Setting({ default: '4', help: 'Digits of a code to begin with' })
  @Integer(4, 8)
  readonly codeMinDigits!: number;

  @Setting({ default: '8', help: 'Digits a code may grow to when shorter ones are taken; not below CODE_MIN_DIGITS' })
  @Integer(4, 8)
  readonly codeMaxDigits!: number;

  @Setting({
    default: '',
    help: 'Origins (or host names) of browsers that may call, comma-separated; `*` counts as an empty list; only without DEV',
  })
  @List('origins such as https://app.example.org, host names, or *', (entry) =>
    /^(\*|[^\s/]+|[a-z][a-z0-9+.-]*:\/\/[^\s/]+)$/i.test(entry),
  )
  readonly corsOrigins!: readonly string[];

  @Setting({ default: 'true', help: 'Development: browsers of every origin may call' })
  @Flag()
  readonly dev!: boolean;

  @Setting({
    default: '',
    help: 'Proxies whose X-Forwarded-For is believed: addresses, CIDRs, or loopback, linklocal, uniquelocal, comma-separated',
  })
  @List('addresses or CIDRs, or loopback, linklocal, uniquelocal', isProxyRange)
  readonly trustProxy!: readonly string[];

  @Setting({
    default: '',
    help: 'PEM certificate chain; with TLS_KEY_FILE the server speaks https and wss; read again on change and SIGHUP',
  })
  @Text('the path of a PEM file that can be read', isReadable)
  readonly tlsCertFile!: string;

  @Setting({ default: '', help: 'PEM private key of TLS_CERT_FILE' })
  @Text('the path of a PEM file that can be read', isReadable)
  readonly tlsKeyFile!: string;

  @Setting({
    default: '',
    help: 'PEM certificates that lead from TLS_CERT_FILE to a root, where that file does not hold them itself',
  })
  @Text('the path of a PEM file that can be read', isReadable)
  readonly tlsCaFile!: string;

  @Setting({
    default: '',
    help: "Port for Sigver's own clients, whose key is the whole path; with TLS as on PORT; 0 takes any free one; empty = none",
  })
  @OptionalPort()
  readonly sigverPort!: number | undefined;

  @Setting({
    default: '',
    help: 'Redis or Valkey (>= 6.2) that several nodes share: `redis://`, `rediss://`, `redis+sentinel://`; empty = in memory',
  })
  @Text('redis://host:port, rediss://host:port or redis+sentinel://host:port,host:port/master', isRedisUrl)
  readonly redisUrl!: string;

  @Setting({ default: '/metrics', help: 'Path of the Prometheus metrics' })
  @Text('a path such as /metrics', (text) => /^\/[\w./-]*\w$/.test(text))
  readonly metricsRoute!: string;

  @Setting({
    default: '',
    aliases: ['NATS_URL'],
    help: 'NATS servers (one cluster), comma-separated, such as nats://localhost:4222; they get the bites and connect the nodes of voice; empty = neither',
  })
  @List('NATS servers such as nats://host:4222, with or without user:password@', isNatsServer)
  readonly nats!: readonly string[];

  @Setting({
    default: '',
    help: 'Who says which user may join which conversation, such as http://permissions; empty: everyone may, with DEV=true',
  })
  @Text('a URL such as http://permissions', isHttpUrl)
  readonly permissionsHost!: string;

  @Setting({ default: '1s', help: 'From SIGTERM (not ready any more) until sockets are closed and upgrades refused' })
  @Duration('0s', '5m')
  readonly drainDelay!: number;

  @Setting({
    default: 'auto',
    help: 'Voice conversations: on, off, or auto: on when PERMISSIONS_HOST is set or with DEV; on without either is refused',
  })
  @OneOf('auto', 'on', 'off')
  readonly voice!: 'auto' | 'on' | 'off';

  @Setting({ default: '0', help: 'The one UDP port of all voice media; 0 takes any free one' })
  @Integer(0, 65_535)
  readonly voiceUdpPort!: number;

  @Setting({ default: '', help: 'Local address of the voice media; empty = every one' })
  @Text('an IP address', isAddressOrEmpty)
  readonly voiceBind!: string;

  @Setting({
    default: '',
    help: 'Address that clients are told to send voice to, where it is not one of this machine: behind a NAT, in a container',
  })
  @Text('an IP address', isAddressOrEmpty)
  readonly voiceAnnouncedIp!: string;

  @Setting({ default: '30s', help: 'A voice client that has sent media and then none for this long is disconnected' })
  @Duration('1s', '24h')
  readonly voiceIdle!: number;

  @Setting({ default: '8', help: 'Further voices that one client may hear at once, each in an m-line of its own' })
  @Integer(0, 32)
  readonly voiceMaxSlots!: number;

  @Setting({ default: '1000', help: 'Voice clients on this node; the WebSockets of more are closed with 1013' })
  @Integer(1, 1_000_000)
  readonly voiceMaxPeers!: number;

  @Setting({ default: 'info', help: 'Least severe log lines to print: debug, info, warn or error' })
  @OneOf('debug', 'info', 'warn', 'error')
  readonly logLevel!: 'debug' | 'info' | 'warn' | 'error';
}
