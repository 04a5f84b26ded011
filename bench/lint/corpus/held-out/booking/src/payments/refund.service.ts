import { BadGatewayException, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { Refund } from './refund.entity';
import { PaymentsClient, PaymentProviderError } from './payments.client';
import { BookingPolicy } from '../policies/booking.policy';
import { Booking } from '../bookings/booking.entity';
import { MailerService } from '../notifications/mailer.service';

@Injectable()
export class RefundService {
  constructor(
    @InjectRepository(Refund) private readonly refunds: Repository<Refund>,
    @InjectRepository(Booking) private readonly bookings: Repository<Booking>,
    private readonly client: PaymentsClient,
    private readonly policy: BookingPolicy,
    private readonly mailer: MailerService,
    private readonly logger: PinoLogger,
  ) {
    this.logger.setContext(RefundService.name);
  }

  async refundCancelled(bookingId: string): Promise<Refund | null> {
    const booking = await this.bookings.findOne({ where: { id: bookingId }, relations: { guest: true, rate: true } });
    if (!booking?.paymentId) {
      return null; //= return: yes  no refund is made and nothing tells whether booking or payment was missing
    }

    const decision = this.policy.cancellation(booking.guest, booking);
    if (!decision.allowed) {
      this.logger.info({ bookingId, reason: decision.reason }, 'refund refused by policy');
      return null; //= return: no  logged above
    }
    if (decision.refundPercent === 0) return null; //= return: yes  guest gets no money back, support will ask

    const existing = await this.refunds.findOneBy({ bookingId });
    if (existing) return existing; //= return: no  idempotent, returns the earlier refund

    const amount = Math.round((booking.price * decision.refundPercent) / 100);
    try {
      const result = await this.client.refund(booking.paymentId, amount);
      const refund = await this.refunds.save({ bookingId, amount, providerId: result.id, status: result.status });
      await this.mailer.send('refund-issued', booking.guest.email, { amount });
      return refund; //= return: no  happy path
    } catch (err) { //= catch: no  logged and rethrown
      this.logger.error({ err, bookingId, amount }, 'refund failed'); //= no-double-report  logged as an error and rethrown
      throw err;
    }
  }

  async sync(intentId: string): Promise<void> {
    const refund = await this.refunds.findOneBy({ intentId });
    if (!refund) return; //= return: yes  provider knows a refund that we don't, ignored silently
    const remote = await this.client.getRefund(refund.providerId);
    if (remote.status === refund.status) return; //= return: no  unchanged, nothing to write
    refund.status = remote.status;
    refund.settledAt = remote.status === 'settled' ? new Date() : null;
    await this.refunds.save(refund);
  }

  async retryStuck(limit = 50): Promise<{ retried: number; failed: number }> {
    const stuck = await this.refunds.find({ where: { settledAt: IsNull() }, take: limit });
    let failed = 0;
    for (const refund of stuck) {
      try {
        await this.client.retryRefund(refund.providerId);
      } catch (error) { //= catch: yes  only a count survives, which refund failed and why is lost
        failed += 1;
      }
    }
    return { retried: stuck.length - failed, failed };
  }

  async describe(providerId: string) {
    try {
      return await this.client.getRefund(providerId); //= return: no  happy path
    } catch (err) { //= catch: no  narrowed to 404, otherwise wrapped with the cause
      if (err instanceof PaymentProviderError && err.status === 404) return null; //= return: no  lookup without effects
      throw new BadGatewayException('payment provider unavailable', { cause: err });
    }
  }

  async writeOff(refundId: string, clerkId: string): Promise<void> {
    const refund = await this.refunds.findOneBy({ id: refundId });
    if (refund?.settledAt) {
      return; //= return: yes  the clerk's write-off has no effect and nobody says so
    } else if (!refund) {
      this.logger.warn({ refundId, clerkId }, 'write-off of an unknown refund');
      return; //= return: no  logged above
    }
    await this.refunds.update(refundId, { writtenOffBy: clerkId, status: 'written_off' });
  }
}
