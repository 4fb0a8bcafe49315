// peerjs-server from npm, through its API: its command line logs every connection, which is not what is compared here.
import { PeerServer } from 'peer';

PeerServer({
  host: '127.0.0.1',
  port: Number(process.env.PORT),
  path: '/',
  concurrent_limit: 20_000,
  alive_timeout: 600_000, // the load sends no heartbeats while it measures
});
