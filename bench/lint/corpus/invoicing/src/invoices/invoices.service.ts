import { Injectable, Logger, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectQueue } from '@nestjs/bullmq';
import { InjectRepository } from '@nestjs/typeorm';
import { Queue } from 'bullmq';
import { DataSource, Repository } from 'typeorm';
import { Invoice, InvoiceStatus } from './invoice.entity';
import { CustomerRepository } from '../customers/customer.repository';
import { InvoiceNumberService } from './invoice-number.service';

interface FinalizeOptions {
  sendMail?: boolean;
  actorId: string;
}

@Injectable()
export class InvoicesService {
  private readonly logger = new Logger(InvoicesService.name);

  constructor(
    @InjectRepository(Invoice) private readonly invoices: Repository<Invoice>,
    @InjectQueue('render') private readonly renderQueue: Queue,
    @InjectQueue('mail') private readonly mailQueue: Queue,
    private readonly customers: CustomerRepository,
    private readonly numbers: InvoiceNumberService,
    private readonly events: EventEmitter2,
    private readonly dataSource: DataSource,
  ) {}

  async findOne(id: string, tenantId: string): Promise<Invoice> {
    const invoice = await this.invoices.findOne({ where: { id, tenantId }, relations: ['lines'] });
    if (!invoice) throw new NotFoundException(`Invoice ${id} not found`);
    return invoice;
  }

  async finalize(id: string, tenantId: string, { sendMail = true, actorId }: FinalizeOptions) {
    const invoice = await this.findOne(id, tenantId);
    if (invoice.status === InvoiceStatus.Open) return invoice; //= return: no  idempotent, already finalized
    if (invoice.status !== InvoiceStatus.Draft) {
      throw new UnprocessableEntityException({ code: 'not_a_draft', status: invoice.status });
    }

    const finalized = await this.dataSource.transaction(async (tx) => {
      const number = await this.numbers.next(tx, tenantId, invoice.issueDate);
      return tx.save(Invoice, { ...invoice, number, status: InvoiceStatus.Open, finalizedBy: actorId });
    });

    this.events.emit('invoice.finalized', { invoiceId: id, tenantId });
    this.logger.log({ msg: 'invoice finalized', invoiceId: id, number: finalized.number, actorId });
    await this.renderQueue.add('pdf', { invoiceId: id }, { jobId: `pdf-${id}` });
    if (!sendMail) return finalized; //= return: no  the caller asked for no mail

    const customer = await this.customers.findWithContacts(invoice.customerId);
    const contact = customer?.contacts.find((c) => c.receivesInvoices);
    if (!contact) return finalized; //= return: yes  invoice mail never queued, nothing says so

    await this.mailQueue.add('invoice', { invoiceId: id, contactId: contact.id });
    return finalized;
  }

  async resend(id: string, tenantId: string): Promise<{ queued: boolean; reason?: string }> {
    const invoice = await this.findOne(id, tenantId);
    if (!invoice.pdfKey) {
      return { queued: false, reason: 'pdf_missing' }; //= return: no  returned reason
    }
    const recently = await this.mailQueue.getJob(`resend-${id}`);
    if (recently && !(await recently.isFailed())) return { queued: false, reason: 'already_queued' }; //= return: no  returned reason
    await this.mailQueue.add('invoice', { invoiceId: id }, { jobId: `resend-${id}` });
    return { queued: true };
  }

  async voidStaleDrafts(tenantId: string, olderThan: Date): Promise<number> {
    const drafts = await this.invoices.find({ where: { tenantId, status: InvoiceStatus.Draft } });
    const stale = drafts.filter((d) => d.updatedAt < olderThan);
    if (stale.length === 0) return 0; //= return: no  nothing to do

    try {
      await this.invoices.update(stale.map((d) => d.id), { status: InvoiceStatus.Void });
    } catch (err) { //= catch: no  logged, then thrown on
      this.logger.error('Voiding stale drafts failed', err instanceof Error ? err.stack : undefined); //= no-double-report  logged as an error and rethrown
      throw err;
    }
    return stale.length;
  }

  async attachPurchaseOrder(invoiceId: string, poNumber: string | undefined) {
    if (!poNumber?.trim()) return; //= return: no  emptiness guard on a parameter
    const invoice = await this.invoices.findOneBy({ id: invoiceId });
    if (!invoice || invoice.lockedAt) return; //= return: yes  purchase order dropped for missing or locked invoice
    await this.invoices.update(invoiceId, { poNumber: poNumber.trim() });
    await this.renderQueue.add('pdf', { invoiceId, reason: 'po_changed' });
  }
}
