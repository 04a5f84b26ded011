import { BadRequestException, Controller, Headers, HttpCode, InternalServerErrorException, Logger, Post, RawBodyRequest, Req } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import type { Request } from 'express';
import { QueryFailedError, Repository } from 'typeorm';
import { MetricsService } from '../metrics/metrics.service';
import { OrdersService } from '../orders/orders.service';
import { Payment } from './payment.entity';
import { ProcessedEvent } from './processed-event.entity';
import { PspClient, PspEvent } from './psp.client';

@Controller('webhooks/psp')
export class PaymentWebhookController {
  private readonly logger = new Logger(PaymentWebhookController.name);

  constructor(
    private readonly psp: PspClient,
    private readonly orders: OrdersService,
    private readonly events: EventEmitter2,
    private readonly metrics: MetricsService,
    @InjectRepository(Payment) private readonly payments: Repository<Payment>,
    @InjectRepository(ProcessedEvent) private readonly processed: Repository<ProcessedEvent>,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() req: RawBodyRequest<Request>, @Headers('psp-signature') signature: string) {
    let event: PspEvent;
    try {
      event = this.psp.verify(req.rawBody!, signature);
    } catch { //= catch: no  answered with 400, the signature is simply wrong
      this.logger.warn({ ip: req.ip, headers: req.headers }, 'rejected webhook'); //= no-sensitive-fields  whole headers in a log field
      throw new BadRequestException('Invalid signature');
    }

    try {
      await this.processed.insert({ id: event.id });
    } catch (err) { //= catch: no  narrowed to the duplicate key
      if (err instanceof QueryFailedError && err.driverError.code === '23505') {
        // redelivered by the PSP, we have handled it already
        return { received: true }; //= return: no  reason comment
      }
      throw err;
    }

    this.metrics.webhooks.inc({ type: event.type });
    try {
      await this.dispatch(event);
    } catch (err) { //= catch: no  logged
      await this.processed.delete({ id: event.id });
      this.logger.error(`Webhook ${event.id} failed`, err.stack); //= structured-event  id interpolated //= no-double-report  logged as error and thrown on
      throw new InternalServerErrorException('Processing failed'); //= error-with-context  thrown without the cause
    }
    return { received: true };
  }

  private async dispatch(event: PspEvent): Promise<void> {
    switch (event.type) {
      case 'payment.authorised': {
        const payment = await this.payments.findOneBy({ reference: event.reference });
        if (!payment) return; //= return: yes  authorised money without a payment of ours
        await this.payments.update(payment.id, { authorisedAt: event.createdAt });
        await this.orders.capture(payment.orderId);
        return; //= return: no  branch done
      }
      case 'payment.refused': {
        const payment = await this.payments.findOneBy({ reference: event.reference });
        if (payment?.state !== 'pending') {
          return; //= return: yes  refusal ignored, the state may be wrong
        }
        await this.payments.update(payment.id, { state: 'refused', refusal: event.reason });
        this.events.emit('payment.refused', { orderId: payment.orderId });
        break;
      }
      case 'report.available':
        return; //= return: no  type filter, reports are fetched elsewhere
      default:
        this.logger.debug({ type: event.type }, 'ignored webhook');
    }
  }
}
