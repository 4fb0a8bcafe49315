/** The WebSocket library's part, as far as the transport touches it. */
export class FakeSocket {
  readonly OPEN = 1;
  readyState = 1;
  pings = 0;
  closed: { code: number; reason: string } | undefined;

  attach(): void {}
  pause(): void {}
  resume(): void {}

  ping(): void {
    this.pings++;
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.readyState = 2;
  }

  terminate(): void {
    this.readyState = 3;
  }
}
