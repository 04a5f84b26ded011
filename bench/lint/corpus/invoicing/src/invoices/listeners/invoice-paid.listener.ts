import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { InvoiceRepository } from '../invoice.repository';
import { LedgerClient } from '../../payments/ledger.client';
import { SlackNotifier } from '../../common/slack.notifier';
import { FeatureFlags } from '../../common/feature-flags';

export class InvoicePaidEvent {
  constructor(readonly invoiceId: string, readonly paymentId: string, readonly source: 'psp' | 'bank' | 'manual') {}
}

@Injectable()
export class InvoicePaidListener {
  constructor(
    @InjectPinoLogger('invoice-paid') private readonly log: PinoLogger,
    @InjectQueue('mail') private readonly mail: Queue,
    private readonly invoices: InvoiceRepository,
    private readonly ledger: LedgerClient,
    private readonly slack: SlackNotifier,
    private readonly flags: FeatureFlags,
  ) {}

  @OnEvent('invoice.paid', { async: true })
  async sendReceipt({ invoiceId, source }: InvoicePaidEvent) {
    if (source === 'manual') return; //= return: no  routing by the kind of payment
    const invoice = await this.invoices.byId(invoiceId, { with: ['customer'] });
    if (!invoice?.customer?.email) return; //= return: yes  receipt never sent
    if (!(await this.flags.enabled('receipts', invoice.tenantId))) return; //= return: yes  receipt skipped by a flag, silently

    await this.mail.add('receipt', { invoiceId, to: invoice.customer.id });
  }

  @OnEvent('invoice.paid', { async: true })
  async stopDunning(event: InvoicePaidEvent): Promise<void> {
    const run = await this.invoices.openDunningRun(event.invoiceId);
    if (run === null) {
      return; //= return: no  no dunning run to stop is the usual case
    }
    if (run.level >= 3) {
      await this.slack.post('#collections', `Invoice ${event.invoiceId} was paid while at the agency`);
      return; //= return: maybe  people are told in Slack, the run stays open
    }
    await this.invoices.closeDunningRun(run.id, 'paid');
  }

  @OnEvent('invoice.paid', { async: true })
  async postToLedger(event: InvoicePaidEvent) {
    const payment = await this.invoices.payment(event.paymentId);
    if (payment == null || payment.ledgerEntryId != null) {
      this.log.debug({ paymentId: event.paymentId, posted: !!payment }, 'ledger entry not needed');
      return; //= return: no  logged
    }
    try {
      const entry = await this.ledger.post({ amount: payment.cents, account: '8400', ref: payment.id });
      await this.invoices.setLedgerEntry(payment.id, entry.id);
    } catch (error) { //= catch: no  logged and queued for another try
      this.log.error({ error: (error as Error).message, paymentId: payment.id }, 'ledger posting failed'); //= error-with-context  message alone, no stack
      await this.mail.add('ops-alert', { kind: 'ledger', paymentId: payment.id });
    }
  }

  @OnEvent('invoice.paid')
  async celebrate(event: InvoicePaidEvent) {
    const invoice = await this.invoices.byId(event.invoiceId);
    if (!invoice || invoice.totalCents < 1_000_000) return; //= return: no  nicety for large invoices only
    await this.slack.post('#wins', `${invoice.number} is paid`).catch(() => {}); //= catch: no  a nicety, loss is harmless
  }

  @OnEvent('payment.reversed', { async: true })
  async reopen(event: InvoicePaidEvent): Promise<void> {
    const invoice = await this.invoices.byId(event.invoiceId);
    if (invoice?.status !== 'paid') return; //= return: yes  reversed money leaves the invoice as it is
    const payment = await this.invoices.payment(event.paymentId);
    if (!payment?.reversedAt) return; //= return: yes  event and row disagree, the reversal is dropped

    await this.invoices.reopen(invoice.id, payment.cents);
    const contact = await this.invoices.dunningContact(invoice.customerId);
    if (!contact) return; //= return: yes  customer is never told of the returned debit
    await this.mail.add('returned-debit', { invoiceId: invoice.id, contactId: contact.id });
  }
}
