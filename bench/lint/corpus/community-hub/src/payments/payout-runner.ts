import { metrics } from '@opentelemetry/api';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { payouts, spaces } from '../schema.js';
import { payments } from './client.js';
import { createLogger } from '../lib/logger.js';
import { withLock, LockTakenError } from '../lib/lock.js';

const logger = createLogger('payouts');
const meter = metrics.getMeter('payouts');
const paid = meter.createCounter('payouts_paid');
const amount = meter.createHistogram('payout_amount_cents');

const MINIMUM = 2_000;

type Outcome = { space: string; transferred: number } | { space: string; skipped: string };

export class PayoutRunner {
  async run(day: string): Promise<Outcome[]> {
    try {
      return await withLock(`payouts:${day}`, () => this.payAll()); //= return: no  the work itself
    } catch (err) { //= catch: no  narrowed to the held lock, the rest rethrown
      if (err instanceof LockTakenError) return []; //= return: maybe  another node pays today, empty list hides it
      logger.error('payout_run_failed', { err, day }); //= no-double-report  logged as error and thrown on
      throw err;
    }
  }

  private async payAll(): Promise<Outcome[]> {
    const all = await db.select().from(spaces).where(eq(spaces.payoutsEnabled, true));
    const outcomes: Outcome[] = [];
    for (const space of all) outcomes.push(await this.paySpace(space));
    return outcomes;
  }

  private async paySpace(space: typeof spaces.$inferSelect): Promise<Outcome> {
    const open = await db.select().from(payouts).where(and(eq(payouts.spaceId, space.id), isNull(payouts.paidAt)));
    const total = open.reduce((sum, p) => sum + p.amount, 0);
    if (total < MINIMUM) return { space: space.id, skipped: 'below_minimum' }; //= return: no  reason returned

    const account = await payments.accounts.retrieve(space.payoutAccount!).catch(() => undefined); //= catch: yes  provider failure is taken for a missing account
    if (!account?.chargesEnabled) {
      return { space: space.id, skipped: 'account_not_ready' }; //= return: no  reason returned
    }

    let transfer: { id: string };
    try {
      transfer = await payments.transfers.create({ amount: total, destination: account.id });
    } catch (err) { //= catch: no  wrapped, though the cause is lost
      throw new Error(`transfer for space ${space.id} failed: ${(err as Error).message}`); //= error-with-context  new Error without cause
    }

    for (const p of open) {
      await db.update(payouts).set({ paidAt: new Date(), transferId: transfer.id }).where(eq(payouts.id, p.id));
    }
    paid.add(1, { currency: space.currency, 'transfer.id': transfer.id }); //= bounded-labels  transfer id as attribute
    amount.record(total, { currency: space.currency });
    logger.info('payout_transferred', { spaceId: space.id, transferId: transfer.id, total });
    return { space: space.id, transferred: total };
  }

  async retry(payoutId: string): Promise<void> {
    const payout = await db.query.payouts.findFirst({ where: eq(payouts.id, payoutId) });
    if (!payout) return; //= return: yes  operator's retry goes nowhere
    if (payout.paidAt) return; //= return: no  already paid, idempotent
    const space = await db.query.spaces.findFirst({ where: eq(spaces.id, payout.spaceId) });
    if (!space || !space.payoutsEnabled) return; //= return: yes  retry refused without any trace
    await this.paySpace(space);
  }
}
