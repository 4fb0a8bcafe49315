import { eventually } from '../support/eventually.js';
import { http } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

/** Generous, as processes start and a loaded machine is slow. */
export const PATIENCE = { timeout: 60_000, interval: 50 };

/** Two whole servers that share one Redis. */
export class TwoNodes {
  private constructor(readonly nodes: readonly [RunningApp, RunningApp]) {}

  static async start(redisUrl: string, environment: Record<string, string> = {}): Promise<TwoNodes> {
    const settings = { ...environment, REDIS_URL: redisUrl };
    return new TwoNodes([await startApp(settings), await startApp(settings)]);
  }

  /** The nodes in turn. */
  node(i: number): RunningApp {
    return this.nodes[i % this.nodes.length]!;
  }

  /** Waits until /readyz of both answers so. */
  async answerReady(status: 200 | 503): Promise<void> {
    for (const node of this.nodes) await eventually(() => http(node).get('/readyz').expect(status), PATIENCE);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}
