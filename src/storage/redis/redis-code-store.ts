import { type Attempt, CodeStore, type Grant, type GuessLimit, type Redemption } from '../../rendezvous/code-store.js';
import { KEY_PREFIX, type RedisLink } from './redis-link.js';

/** A redeem touches a code, a guesser and a receipt in one step, so all of them carry one hash tag. */
const PREFIX = `${KEY_PREFIX}{codes}:`;

/** Lengths of which codes may be in use: CODE_MIN_DIGITS and CODE_MAX_DIGITS lie within. */
const LENGTHS = [4, 5, 6, 7, 8];

/**
 * Codes of all nodes together. Lives are told to Redis as lengths of time, so that a node whose clock is wrong cuts
 * nobody's short; `expiresAt` is what the minting node said.
 */
export class RedisCodeStore extends CodeStore {
  private readonly claimCode;
  private readonly redeemCode;
  private readonly forgetCodes;

  constructor(link: RedisLink) {
    super();
    this.claimCode = link.script('claim-code');
    this.redeemCode = link.script('redeem-code');
    this.forgetCodes = link.script('forget-codes');
  }

  async claim(code: string, grant: Grant, now: number): Promise<boolean> {
    const life = Math.max(1, grant.expiresAt - now);
    return (await this.claimCode([live(code), ends(code.length)], code, written(grant), life)) === 1;
  }

  async countFree(digits: number): Promise<number> {
    const [, used] = (await this.forgetCodes([ends(digits)])) as [number, number];
    return 10 ** digits - used;
  }

  async redeem({ code, guesser, idempotencyKey }: Attempt, limit: GuessLimit, now: number): Promise<Redemption> {
    const keys = [live(code), ends(code.length), `${PREFIX}fails:${guesser}`];
    if (idempotencyKey !== undefined) keys.push(`${PREFIX}receipt:${code}:${idempotencyKey}`);
    const reply = (await this.redeemCode(keys, code, limit.fails, limit.windowMs)) as Reply;
    switch (reply[0]) {
      case 'gone':
        return { outcome: 'gone' };
      case 'locked':
        return { outcome: 'locked', until: now + reply[1] };
      case 'redeemed':
      case 'repeated':
        return { outcome: reply[0], grant: parsed(reply[1]) };
    }
  }

  async expire(): Promise<number> {
    const [ended] = (await this.forgetCodes(LENGTHS.map(ends))) as [number];
    return ended;
  }
}

type Reply = ['gone'] | ['locked', number] | ['redeemed' | 'repeated', string];

function live(code: string): string {
  return `${PREFIX}live:${code}`;
}

function ends(digits: number): string {
  return `${PREFIX}ends:${digits}`;
}

function written({ appID, expiresAt }: Grant): string {
  return `${expiresAt} ${appID}`;
}

function parsed(text: string): Grant {
  const space = text.indexOf(' ');
  return { appID: text.slice(space + 1), expiresAt: Number(text.slice(0, space)) };
}
