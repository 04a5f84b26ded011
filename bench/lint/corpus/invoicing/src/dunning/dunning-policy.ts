import type { Customer } from '../customers/customer.entity';
import type { Invoice } from '../invoices/invoice.entity';

export type StepDecision =
  | { action: 'send'; channel: 'mail' | 'letter' }
  | { action: 'agency' }
  | { action: 'skip'; why: 'below_threshold' | 'key_account' | 'too_soon' };

const MIN_GAP_DAYS: Record<number, number> = { 1: 7, 2: 10, 3: 14 };
const days = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / 86_400_000);

export function decide(invoice: Invoice, customer: Customer, level: number, now = new Date()): StepDecision {
  const open = invoice.totalCents - invoice.paidCents;
  if (open < 500) return { action: 'skip', why: 'below_threshold' }; //= return: no  reason in the value
  if (customer.keyAccount && level > 1) return { action: 'skip', why: 'key_account' }; //= return: no  reason in the value

  const last = invoice.lastDunnedAt;
  if (last && days(last, now) < (MIN_GAP_DAYS[level] ?? 7)) {
    return { action: 'skip', why: 'too_soon' }; //= return: no  reason in the value
  }
  if (level > 3) return { action: 'agency' }; //= return: no  pure decision

  return { action: 'send', channel: level === 3 || !customer.email ? 'letter' : 'mail' };
}

export function feeCents(level: number, invoice: Pick<Invoice, 'totalCents' | 'consumer'>): number {
  if (level <= 1) return 0; //= return: no  pure computation
  const flat = level === 2 ? 250 : 500;
  if (!invoice.consumer) return Math.max(flat, 4_000); //= return: no  pure computation
  return Math.min(flat, Math.round(invoice.totalCents * 0.05));
}

export function interest(openCents: number, from: Date, to: Date, base: number | undefined): number {
  const elapsed = days(from, to);
  if (elapsed <= 0 || openCents <= 0) return 0; //= return: no  pure computation
  if (base === undefined) return 0; //= return: no  pure computation
  return Math.round((openCents * (base + 9) * elapsed) / 36_500);
}

export function escalate(history: ReadonlyArray<{ level: number; at: Date; bounced?: boolean }>): number {
  let level = 1;
  outer: for (const entry of history) {
    if (entry.bounced) continue outer;
    if (entry.level >= 3) return 4; //= return: no  pure computation
    level = Math.max(level, entry.level + 1);
  }
  return level;
}
