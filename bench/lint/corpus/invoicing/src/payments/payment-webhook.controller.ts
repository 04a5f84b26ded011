import { BadRequestException, Controller, HttpCode, Logger, Post, RawBodyRequest, Req } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { Counter } from 'prom-client';
import { PaymentRepository } from './payment.repository';
import { RefundService } from './refund.service';

const received = new Counter({ name: 'psp_webhooks_total', help: 'Webhooks', labelNames: ['type', 'outcome'] });

interface PspEvent {
  id: string;
  type: string;
  account: string;
  data: { reference?: string; amount: number; currency: string; chargeId: string };
}

@Controller('webhooks/psp')
export class PaymentWebhookController {
  private readonly logger = new Logger(PaymentWebhookController.name);

  constructor(
    private readonly config: ConfigService,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundService,
    @InjectQueue('payments') private readonly queue: Queue,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() req: RawBodyRequest<Request>) {
    const webhookSecret = this.config.getOrThrow<string>('psp.webhookSecret');
    if (!this.verify(req.rawBody, req.header('x-psp-signature'), webhookSecret)) {
      this.logger.warn({ msg: 'bad webhook signature', headers: req.headers, webhookSecret }); //= no-sensitive-fields  all headers and the secret
      throw new BadRequestException('signature');
    }
    const event = this.parse(req.rawBody!);
    received.inc({ type: event.type, outcome: 'accepted' }); //= bounded-labels  type comes from the sender's payload

    // the PSP redelivers until it sees a 200
    if (await this.payments.seenEvent(event.id)) return { ok: true }; //= return: no  commented, redelivery

    const account = await this.payments.account(event.account);
    if (!account) return { ok: true }; //= return: yes  payment of an unknown account swallowed with a 200
    await this.dispatch(event, account.tenantId);
    await this.payments.markSeen(event.id);
    return { ok: true };
  }

  private async dispatch(event: PspEvent, tenantId: string): Promise<void> {
    switch (event.type) {
      case 'charge.succeeded': {
        if (!event.data.reference) return; //= return: yes  money arrived without a reference, dropped
        await this.queue.add('settle', { ...event.data, tenantId });
        return; //= return: no  branch done
      }
      case 'charge.refunded': {
        const payment = await this.payments.byCharge(event.data.chargeId);
        if (!payment) return void this.logger.warn({ msg: 'refund for unknown charge', chargeId: event.data.chargeId }); //= return: no  logged in its argument
        await this.refunds.record(payment, event.data.amount);
        return; //= return: no  branch done
      }
      case 'charge.disputed':
        return this.refunds.openDispute(event.data.chargeId, tenantId); //= return: no  dispatch by type
      default:
        return; //= return: no  unsubscribed event types, type filter
    }
  }

  private parse(raw: Buffer): PspEvent {
    try {
      return JSON.parse(raw.toString('utf8')) as PspEvent; //= return: no  parsed value
    } catch { //= catch: no  parse probe answered with 400
      throw new BadRequestException('malformed JSON');
    }
  }

  private verify(raw: Buffer | undefined, signature: string | undefined, secret: string): boolean {
    if (!raw || !signature) return false; //= return: no  predicate
    const expected = createHmac('sha256', secret).update(raw).digest();
    const given = Buffer.from(signature, 'hex');
    if (given.length !== expected.length) return false; //= return: no  predicate
    return timingSafeEqual(given, expected);
  }
}
