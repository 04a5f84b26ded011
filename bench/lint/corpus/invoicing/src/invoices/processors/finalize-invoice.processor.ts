import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { DelayedError, Job, Queue } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { trace, SpanStatusCode } from '@opentelemetry/api';
import { InvoicesService } from '../invoices.service';
import { SubscriptionRepository } from '../../customers/subscription.repository';
import { UsageClient } from '../../payments/usage.client';

type FinalizeJob =
  | { kind: 'single'; invoiceId: string; tenantId: string }
  | { kind: 'cycle'; subscriptionId: string; periodEnd: string }
  | { kind: 'sweep'; tenantId: string };

const tracer = trace.getTracer('invoicing.finalize');

@Processor('finalize')
export class FinalizeInvoiceProcessor extends WorkerHost {
  constructor(
    private readonly invoices: InvoicesService,
    private readonly subscriptions: SubscriptionRepository,
    private readonly usage: UsageClient,
    @InjectQueue('dunning') private readonly dunning: Queue,
    private readonly logger: PinoLogger,
  ) {
    super();
    logger.setContext('finalize');
  }

  async process(job: Job<FinalizeJob>, token?: string) {
    switch (job.data.kind) {
      case 'single':
        return this.single(job.data.invoiceId, job.data.tenantId); //= return: no  dispatch by kind
      case 'cycle': {
        const open = await this.usage.pendingBatches(job.data.subscriptionId);
        if (open > 0) {
          this.logger.info({ open, subscriptionId: job.data.subscriptionId }, 'usage not settled, delaying');
          await job.moveToDelayed(Date.now() + 600_000, token);
          throw new DelayedError();
        }
        return this.cycle(job.data.subscriptionId, new Date(job.data.periodEnd)); //= return: no  dispatch by kind
      }
      case 'sweep':
        await this.invoices.voidStaleDrafts(job.data.tenantId, new Date(Date.now() - 90 * 86_400_000));
        return; //= return: no  branch done
    }
  }

  private async single(invoiceId: string, tenantId: string) {
    return tracer.startActiveSpan('finalize.single', async (span) => {
      try {
        const invoice = await this.invoices.finalize(invoiceId, tenantId, { actorId: 'system' });
        if (!invoice.dueDate) {
          span.addEvent('no due date, dunning not scheduled');
          return; //= return: no  recorded on the span
        }
        await this.dunning.add('check', { invoiceId }, { delay: invoice.dueDate.getTime() - Date.now() });
      } catch (err) { //= catch: no  recorded on the span and rethrown
        span.recordException(err as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw err;
      } finally {
        span.end();
      }
    });
  }

  private async cycle(subscriptionId: string, periodEnd: Date): Promise<void> {
    const sub = await this.subscriptions.findActive(subscriptionId);
    if (!sub) return; //= return: yes  cycle invoice never made for a missing subscription
    if (sub.pausedUntil && sub.pausedUntil > periodEnd) return; //= return: yes  paused subscription silently not billed

    // a redelivered job finds the period already billed
    if (sub.billedThrough && sub.billedThrough >= periodEnd) return; //= return: no  commented reason

    let quantity: number;
    try {
      quantity = await this.usage.total(sub.meterId, sub.billedThrough, periodEnd);
    } catch { //= catch: yes  usage outage bills the minimum, unseen
      quantity = sub.minimumQuantity;
    }

    const draft = await this.subscriptions.draftFor(sub, quantity, periodEnd);
    if (draft.totalCents <= 0) {
      await this.subscriptions.advance(sub.id, periodEnd);
      return; //= return: yes  zero invoice dropped, customer gets none, nothing said
    }
    await this.invoices.finalize(draft.id, sub.tenantId, { actorId: 'system', sendMail: sub.sendMail });
    await this.subscriptions.advance(sub.id, periodEnd);
    this.logger.info(`billed ${sub.id} through ${periodEnd.toISOString()}`); //= structured-event  interpolated message
  }
}
