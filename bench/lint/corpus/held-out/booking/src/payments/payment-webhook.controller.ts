import { Body, Controller, Headers, HttpCode, Post, Req, UnauthorizedException, type RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigService } from '@nestjs/config';
import { BookingsService } from '../bookings/bookings.service';
import { PaymentEventsRepository } from './payment-events.repository';
import { RefundService } from './refund.service';

interface PaymentEvent {
  id: string;
  type: string;
  data: { intentId: string; bookingId?: string; amount: number; failureCode?: string };
}

@Controller('webhooks/payments')
export class PaymentWebhookController {
  constructor(
    @InjectPinoLogger(PaymentWebhookController.name) private readonly log: PinoLogger,
    private readonly config: ConfigService,
    private readonly bookings: BookingsService,
    private readonly seen: PaymentEventsRepository,
    private readonly refunds: RefundService,
  ) {}

  @Post()
  @HttpCode(200)
  async handle(@Req() req: RawBodyRequest<Request>, @Headers('x-signature') signature: string, @Body() event: PaymentEvent) {
    if (!this.verify(req.rawBody, signature)) {
      this.log.warn({ headers: req.headers }, 'payment webhook with a bad signature'); //= no-sensitive-fields  all request headers
      throw new UnauthorizedException();
    }

    if (await this.seen.exists(event.id)) {
      // provider redelivers until it sees a 200
      return { received: true }; //= return: no  comment gives the reason
    }

    const { bookingId, intentId } = event.data;
    if (!bookingId) return { received: true }; //= return: yes  a payment without booking is acknowledged and forgotten

    switch (event.type) {
      case 'payment.succeeded':
        await this.bookings.confirm(bookingId, intentId);
        break;
      case 'payment.failed':
        if (event.data.failureCode === 'insufficient_funds') return { received: true }; //= return: yes  event is neither stored nor acted on for this code
        await this.bookings.cancel(bookingId, 'system', event.data.failureCode);
        break;
      case 'refund.updated':
        await this.refunds.sync(event.data.intentId);
        break;
      case 'payment.created':
      case 'payment.processing':
        return { received: true, ignored: event.type }; //= return: no  type filter, the answer says so
      default:
        this.log.info({ type: event.type, eventId: event.id }, 'unhandled payment event');
        return { received: true }; //= return: no  logged above
    }

    await this.seen.insert(event.id);
    return { received: true };
  }

  private verify(raw: Buffer | undefined, signature?: string): boolean {
    if (!raw || !signature) return false; //= return: no  predicate
    const secret = this.config.getOrThrow<string>('PAYMENT_WEBHOOK_SECRET');
    const expected = createHmac('sha256', secret).update(raw).digest();
    try {
      return timingSafeEqual(expected, Buffer.from(signature, 'hex')); //= return: no  predicate
    } catch { //= catch: no  length mismatch of the compared buffers means false
      return false; //= return: no  predicate
    }
  }
}
