import type { MailboxLimits, MailboxStore } from '../../src/signaling/mailbox-store.js';
import { appendContract } from './mailbox-store/append.js';
import { expiryContract } from './mailbox-store/expiry.js';
import { quotaContract } from './mailbox-store/quota.js';
import { readContract } from './mailbox-store/read.js';
import { resumeContract } from './mailbox-store/resume.js';
import type { Subject } from './subject.js';

/** What every {@link MailboxStore} promises. */
export function mailboxStoreContract(
  adapter: string,
  create: (limits: MailboxLimits) => Promise<Subject<MailboxStore>>,
): void {
  describe(`MailboxStore in ${adapter}`, () => {
    describe('append', () => appendContract(create));
    describe('read and acknowledge', () => readContract(create));
    describe('resume', () => resumeContract(create));
    describe('quotas', () => quotaContract(create));
    describe('time to live', () => expiryContract(create));
  });
}
