import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Job, UnrecoverableError } from 'bullmq';
import { Repository } from 'typeorm';
import { MailerService } from '../notifications/mailer.service';
import { Order, OrderStatus } from '../orders/order.entity';
import { Payment } from './payment.entity';
import { PspClient, PspError } from './psp.client';
import { Refund } from './refund.entity';

interface RefundJob {
  refundId: string;
  notify: boolean;
}

@Processor('refunds', { concurrency: 2 })
export class RefundProcessor extends WorkerHost {
  private readonly logger = new Logger(RefundProcessor.name);

  constructor(
    @InjectRepository(Refund) private readonly refunds: Repository<Refund>,
    @InjectRepository(Payment) private readonly payments: Repository<Payment>,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly psp: PspClient,
    private readonly mailer: MailerService,
  ) {
    super();
  }

  async process(job: Job<RefundJob>) {
    const { refundId, notify } = job.data;
    const refund = await this.refunds.findOneBy({ id: refundId });
    if (!refund) {
      return null; //= return: yes  customer waits for money, job counts as completed
    }
    if (refund.completedAt) return refund.pspReference; //= return: no  idempotent, already refunded

    const payment = await this.payments.findOneBy({ id: refund.paymentId });
    if (!payment || payment.state === 'charged_back') {
      await this.refunds.update(refund.id, { state: 'void' });
      return null; //= return: yes  refund voided and nobody learns why
    }

    let reference: string;
    try {
      reference = await this.psp.refund(payment.reference, refund.amount, { idempotencyKey: refund.id });
    } catch (err) { //= catch: no  wrapped with text or rethrown
      if (err instanceof PspError && err.code === 'already_refunded') {
        await this.complete(refund, err.reference);
        return err.reference; //= return: no  idempotent branch done
      }
      if (err instanceof PspError && !err.retryable) {
        throw new UnrecoverableError(`Refund refused: ${err.code}`); //= error-with-context  new error without the cause
      }
      throw err;
    }

    await this.complete(refund, reference);
    if (!notify) return reference; //= return: no  asked for by the parameter, work is done
    const order = await this.orders.findOneBy({ id: payment.orderId });
    if (!order) return reference; //= return: yes  refund mail is not sent, order missing
    await this.mailer.send('refund', order.guestEmail, { order, amount: refund.amount });
    return reference;
  }

  private async complete(refund: Refund, pspReference: string) {
    await this.refunds.update(refund.id, { completedAt: new Date(), pspReference, state: 'completed' });
    await this.orders.update({ paymentId: refund.paymentId }, { status: OrderStatus.Refunded });
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<RefundJob> | undefined, err: Error) {
    if (!job || job.attemptsMade < (job.opts.attempts ?? 1)) return; //= return: no  retry is coming, only the last failure counts
    this.logger.error({ err, refundId: job.data.refundId }, 'refund failed for good');
  }
}
