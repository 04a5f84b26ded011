import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { DataSource } from 'typeorm';
import { BankTransaction } from './bank-transaction.entity';
import { InvoiceRepository } from '../invoices/invoice.repository';
import { InvoicePaidEvent } from '../invoices/listeners/invoice-paid.listener';

const REFERENCE = /\b(?:INV|RE)[-\s]?(\d{4})[-\s]?(\d{3,6})\b/i;

type Candidate = { invoiceId: string; openCents: number; score: number };

@Injectable()
export class PaymentMatchingService {
  constructor(
    @InjectPinoLogger('matching') private readonly logger: PinoLogger,
    private readonly invoices: InvoiceRepository,
    private readonly dataSource: DataSource,
    private readonly events: EventEmitter2,
  ) {}

  static reference(purpose: string | null): string | null {
    if (!purpose) return null; //= return: no  parser
    const m = REFERENCE.exec(purpose.replace(/\s+/g, ' '));
    return m ? `INV-${m[1]}-${m[2].padStart(5, '0')}` : null;
  }

  async match(tx: BankTransaction): Promise<'matched' | 'partial' | 'manual' | 'ignored'> {
    if (tx.amountCents <= 0) return 'ignored'; //= return: no  outgoing payments, the value says so
    const ref = PaymentMatchingService.reference(tx.purpose);
    const byRef = ref && (await this.invoices.byNumber(tx.tenantId, ref));
    if (byRef) {
      return (await this.settle(byRef.id, tx)) ? 'matched' : 'partial'; //= return: no  the outcome is the value
    }

    const best = this.pick(await this.candidates(tx), tx.amountCents);
    if (!best) {
      this.logger.info({ transactionId: tx.id, tenantId: tx.tenantId }, 'no match, left to a clerk');
      return 'manual'; //= return: no  logged
    }
    await this.settle(best.invoiceId, tx);
    return 'matched';
  }

  private pick(candidates: Candidate[], cents: number): Candidate | undefined {
    const exact = candidates.filter((c) => c.openCents === cents);
    if (exact.length === 1) return exact[0]; //= return: no  pure choice
    if (exact.length > 1) return undefined; //= return: no  pure choice, ambiguous
    const [first, second] = [...candidates].sort((a, b) => b.score - a.score);
    if (!first || first.score < 0.9) return; //= return: no  pure choice
    if (second && first.score - second.score < 0.2) return; //= return: no  pure choice
    return first;
  }

  private async candidates(tx: BankTransaction): Promise<Candidate[]> {
    const open = await this.invoices.openByPayer(tx.tenantId, tx.payerName);
    return open.map((i) => ({ invoiceId: i.id, openCents: i.totalCents - i.paidCents, score: i.similarity }));
  }

  private async settle(invoiceId: string, tx: BankTransaction): Promise<boolean> {
    try {
      const { paid, paymentId } = await this.dataSource.transaction(async (em) => {
        const payment = await this.invoices.addPayment(em, invoiceId, tx);
        return { paid: await this.invoices.refreshStatus(em, invoiceId), paymentId: payment.id };
      });
      if (!paid) return false; //= return: no  partial payment is the returned outcome
      this.events.emit('invoice.paid', new InvoicePaidEvent(invoiceId, paymentId, 'bank'));
      return true; //= return: no  success at the end of try
    } catch (err: any) { //= catch: no  duplicate narrowed, the rest wrapped with cause
      if (err?.code === '23505') return true; //= return: no  narrowed, booked before
      throw new Error(`settling ${invoiceId} failed`, { cause: err });
    }
  }

  async unmatch(transactionId: string, actorId: string): Promise<void> {
    const payment = await this.invoices.paymentOfTransaction(transactionId);
    if (!payment) return; //= return: yes  clerk's undo does nothing, silently
    if (payment.ledgerEntryId) return; //= return: yes  posted payments can't be undone, nobody is told
    await this.invoices.removePayment(payment.id);
    this.logger.info(payment.invoiceId + ' unmatched by ' + actorId); //= structured-event  concatenated message
  }
}
