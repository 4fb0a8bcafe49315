import { Injectable } from '@nestjs/common';

/** Where the process stands on its way out; read by readiness and by the handshake. */
@Injectable()
export class Lifecycle {
  /** SIGTERM has come: load balancers should look elsewhere. */
  draining = false;
  /** The drain delay is over: no new sockets. */
  refusing = false;
}
