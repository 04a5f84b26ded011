import { ConflictException, Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { Repository, QueryFailedError } from 'typeorm';
import { CreditNote } from './credit-note.entity';
import { InvoiceRepository } from '../invoices/invoice.repository';
import { PspClient } from '../payments/psp.client';

export const RefundOutcome = { Refunded: 'refunded', Offset: 'offset', Manual: 'manual' } as const;
type RefundOutcome = (typeof RefundOutcome)[keyof typeof RefundOutcome];

@Injectable()
export class CreditNoteService {
  readonly #logger = new Logger(CreditNoteService.name);

  constructor(
    @InjectRepository(CreditNote) private readonly notes: Repository<CreditNote>,
    @InjectQueue('mail') private readonly mail: Queue,
    private readonly invoices: InvoiceRepository,
    private readonly psp: PspClient,
  ) {}

  async create(invoiceId: string, lines: Array<{ lineId: string; quantity: number }>, key: string) {
    const invoice = await this.invoices.byId(invoiceId, { with: ['lines'] });
    if (!invoice) return { ok: false as const, error: 'invoice_not_found' }; //= return: no  returned reason
    const total = lines.reduce((sum, l) => {
      const line = invoice.lines.find((x) => x.id === l.lineId);
      if (!line) return sum; //= return: no  pure reducer
      return sum + Math.round((line.netCents / line.quantity) * l.quantity);
    }, 0);
    if (total <= 0) return { ok: false as const, error: 'nothing_to_credit' }; //= return: no  returned reason

    try {
      const note = await this.notes.save(this.notes.create({ invoiceId, totalCents: total, idempotencyKey: key }));
      return { ok: true as const, note }; //= return: no  result
    } catch (err) { //= catch: no  narrowed to the unique key, the rest rethrown
      if (err instanceof QueryFailedError && (err as any).code === '23505') throw new ConflictException('idempotency key reused', { cause: err });
      throw err;
    }
  }

  async issue(noteId: string): Promise<void> {
    const note = await this.notes.findOne({ where: { id: noteId }, relations: { invoice: true } });
    if (!note) return; //= return: yes  credit note never issued
    if (note.issuedAt) return; //= return: no  idempotent
    if (note.invoice.lockedAt) {
      this.#logger.warn({ msg: 'credit note waits for the accounting lock', noteId });
      return; //= return: no  logged
    }
    await this.notes.update(noteId, { issuedAt: new Date() });
    const outcome = await this.payOut(note).catch((err) => { //= catch: no  logged
      this.#logger.error('Refund failed, falling back to manual: ' + err); //= error-with-context  error concatenated as text //= structured-event  concatenated message
      return RefundOutcome.Manual;
    });
    await this.notes.update(noteId, { outcome });
    await this.mail.add('credit-note', { noteId, outcome });
  }

  private async payOut(note: CreditNote): Promise<RefundOutcome> {
    const { invoice } = note;
    if (invoice.paidCents < invoice.totalCents) return RefundOutcome.Offset; //= return: no  the value is stored as the outcome
    const charge = await this.psp.findCharge(invoice.number!);
    if (!charge || charge.status !== 'succeeded') return RefundOutcome.Manual; //= return: maybe  stored as manual, why is not
    try {
      await this.psp.charge(`refund-${note.id}`, -note.totalCents, charge.id);
    } catch (err) { //= catch: yes  cause of the refused refund is lost
      throw new Error('refund refused by the provider'); //= error-with-context  new Error without cause
    }
    return RefundOutcome.Refunded;
  }

  async discard(noteId: string, actorId: string) {
    const note = await this.notes.findOneBy({ id: noteId });
    if (!note || note.issuedAt !== null) return false; //= return: yes  discard refused, caller gets a bare false
    await this.notes.remove(note);
    this.#logger.log({ msg: 'credit note discarded', noteId, actorId });
    return true;
  }

  async settleOffsets(customerId: string) {
    const open = await this.notes.find({ where: { outcome: RefundOutcome.Offset, customerId } });
    if (!open.length) return; //= return: no  nothing to do
    const next = await this.invoices.nextOpen(customerId);
    if (!next) return; //= return: yes  credit waits with nothing to show for it
    if (next.currency !== open[0].currency) return; //= return: yes  credit never offset for its currency

    for (const note of open) {
      const applied = await this.invoices.applyCredit(next.id, note.totalCents);
      if (!applied) return; //= return: yes  stops half way through the notes
      await this.notes.update(note.id, { appliedTo: next.id });
    }
  }
}
