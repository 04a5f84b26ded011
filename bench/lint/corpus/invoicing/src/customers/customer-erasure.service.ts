import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { CustomerRepository } from './customer.repository';
import { InvoiceRepository } from '../invoices/invoice.repository';
import { PdfStore } from '../invoices/pdf-store';
import { CrmClient } from './crm.client';

const RETENTION_YEARS = 10;

@Injectable()
export class CustomerErasureService {
  private logger = new Logger(CustomerErasureService.name);

  constructor(
    private readonly customers: CustomerRepository,
    private readonly invoices: InvoiceRepository,
    private readonly pdfs: PdfStore,
    private readonly crm: CrmClient,
    private readonly dataSource: DataSource,
  ) {}

  @OnEvent('customer.erasure-requested')
  async onRequest(payload: { customerId: string; requestedBy?: string }) {
    const newest = await this.invoices.newestOf(payload.customerId);
    const keepUntil = newest && new Date(newest.issueDate.getUTCFullYear() + RETENTION_YEARS + 1, 0, 1);
    if (keepUntil && keepUntil > new Date()) {
      await this.dataSource.query('insert into erasure_queue (customer_id, due) values ($1, $2)', [payload.customerId, keepUntil]);
      return; //= return: yes  erasure put off for years and nobody is told
    }
    await this.erase(payload.customerId);
  }

  @Cron('0 30 3 * * *')
  async eraseDue(): Promise<void> {
    const due: Array<{ customer_id: string }> = await this.dataSource.query('select customer_id from erasure_queue where due <= now()');
    let done = 0;
    for (const { customer_id: id } of due) {
      try {
        await this.erase(id);
        done++;
      } catch (err) { //= catch: no  logged, though without the error object
        this.logger.error(`erasing customer ${id} failed: ${(err as Error).message}`); //= error-with-context  message alone //= structured-event  interpolated message
      }
    }
    console.info('erased', done, 'of', due.length); //= no-console  console in a service with a logger
  }

  private async erase(customerId: string): Promise<boolean> {
    const customer = await this.customers.byId(customerId);
    if (!customer) return false; //= return: no  already erased, nothing left to do
    if (customer.legalHold) return false; //= return: yes  legal hold stops an erasure with no trace

    const keys = await this.invoices.pdfKeysOf(customerId);
    await Promise.all(keys.map((key) => this.pdfs.remove(key).catch(() => null))); //= catch: yes  personal data stays in storage, unseen
    await this.dataSource.transaction(async (em) => {
      await em.query('update customer set name = $2, email = null, phone = null where id = $1', [customerId, 'erased']);
      await em.query('delete from contact where customer_id = $1', [customerId]);
    });

    if (!customer.crmId) return true; //= return: no  no CRM record to erase
    try {
      await this.crm.forget(customer.crmId);
    } catch (err: unknown) { //= catch: no  wrapped, though without cause
      throw new Error(`CRM kept customer ${customerId}: ${(err as Error).message}`); //= error-with-context  new Error without cause
    }
    return true;
  }

  @OnEvent('customer.restore-requested')
  async restore({ customerId, until }: { customerId: string; until?: Date }) {
    if (until && until < new Date()) return; //= return: yes  too late a request is dropped silently
    const pending = await this.dataSource.query('select id from erasure_queue where customer_id = $1', [customerId]);
    if (!pending[0]) return; //= return: yes  nothing pending, perhaps erased, no trace
    await this.dataSource.query('delete from erasure_queue where id = $1', [pending[0].id]);
    await this.crm.annotate(customerId, 'erasure withdrawn').catch(() => undefined); //= catch: yes  CRM never learns, nobody sees
  }
}
