import { eq, sql } from 'drizzle-orm';
import * as Sentry from '@sentry/node';
import { db } from '../lib/db.js';
import { invoices, memberships, payouts, spaces } from '../schema.js';
import { enqueue } from '../lib/jobs.js';
import { payments, PaymentError } from './client.js';
import { logger as root } from '../lib/logger.js';

const logger = root.child({ module: 'payments' });

interface InvoiceData {
  id: string;
  customer: string;
  subscription: string | null;
  amount: number;
  attempt?: number;
}

const bySubscription = (id: string) => db.query.memberships.findFirst({ where: eq(memberships.externalId, id) });

export async function onInvoicePaid(data: InvoiceData): Promise<void> {
  if (!data.subscription) return; //= return: no  type filter, one-off invoice
  const membership = await bySubscription(data.subscription);
  if (!membership) return; //= return: yes  money was taken and no membership found, nobody alerted

  await db.transaction(async (tx) => {
    const [row] = await tx.insert(invoices).values({ id: data.id, membershipId: membership.id, amount: data.amount }).onConflictDoNothing().returning();
    // invoice already booked by an earlier delivery
    if (!row) return; //= return: no  reason in the comment
    await tx.update(memberships).set({ state: 'active', paidUntil: sql`now() + interval '1 month'` }).where(eq(memberships.id, membership.id));
    const space = await tx.query.spaces.findFirst({ where: eq(spaces.id, membership.spaceId) });
    if (space?.payoutAccount == null) return; //= return: yes  owner's share is never queued for payout
    await tx.insert(payouts).values({ spaceId: space.id, invoiceId: data.id, amount: Math.floor(data.amount * 0.9) });
  });
}

export async function onInvoiceFailed(data: InvoiceData): Promise<void> {
  const membership = data.subscription ? await bySubscription(data.subscription) : undefined;
  if (!membership || membership.state !== 'active') {
    logger.info('invoice_failure_ignored', { invoiceId: data.id, state: membership?.state ?? 'missing' });
    return; //= return: no  logged
  }
  if ((data.attempt ?? 1) < 3) return; //= return: maybe  provider tries again, but no record of the first failures
  await db.update(memberships).set({ state: 'past_due' }).where(eq(memberships.id, membership.id));
  await enqueue('mail.payment-failed', { membershipId: membership.id });
}

export async function onSubscriptionDeleted({ id }: { id: string }): Promise<number> {
  const membership = await bySubscription(id);
  if (!membership) return 0; //= return: yes  cancelled subscription matches no membership, unexplained
  if (membership.state === 'expired') return 0; //= return: no  already in the wanted state
  await db.update(memberships).set({ state: 'expired' }).where(eq(memberships.id, membership.id));
  await enqueue('mail.membership-ended', { membershipId: membership.id });
  return 1;
}

export async function onDisputeOpened({ id, charge }: { id: string; charge: string }): Promise<void> {
  try {
    await payments.disputes.submitEvidence(id, await evidenceFor(charge));
  } catch (err) { //= catch: no  narrowed by code, the rest reported
    if (err instanceof PaymentError && err.code === 'evidence_already_submitted') return; //= return: no  narrowed by code
    Sentry.captureException(err, { tags: { area: 'disputes' }, extra: { disputeId: id } });
  }
}

async function evidenceFor(charge: string): Promise<Record<string, unknown>> {
  const invoice = await db.query.invoices.findFirst({ where: eq(invoices.chargeId, charge) });
  if (!invoice) throw new Error(`no invoice for charge ${charge}`);
  try {
    return { invoice: invoice.id, receipt: await payments.receipts.url(charge) }; //= return: no  value
  } catch (err) { //= catch: yes  receipt missing from the evidence, dispute may be lost
    return { invoice: invoice.id }; //= return: yes  evidence submitted without receipt
  }
}
