import type { Test } from 'supertest';
import { http, type Reply } from '../support/raw-http.js';

export interface Minted {
  code: string;
  appID: string;
  expiresAt: string;
}

type Server = { http: string };

/** Asks a node for a code. */
export function mint(node: Server): Test {
  return http(node).post('/rendezvous/code');
}

export async function minted(node: Server): Promise<Minted> {
  return ((await mint(node).expect(200)) as Reply).body as Minted;
}

/** Asks a node for what is behind a code. */
export function redeem(node: Server, code: string, key?: string): Test {
  const sent = http(node).post('/rendezvous/redeem').send({ code });
  return key === undefined ? sent : sent.set('Idempotency-Key', key);
}

/** How many answers there are of each status. */
export function statuses(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Redeems a code that must be right. */
export async function redeemed(node: Server, code: string, key?: string): Promise<Omit<Minted, 'code'>> {
  return ((await redeem(node, code, key).expect(200)) as Reply).body as Omit<Minted, 'code'>;
}
