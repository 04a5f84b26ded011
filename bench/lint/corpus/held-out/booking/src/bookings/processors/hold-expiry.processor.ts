import { Processor, WorkerHost, InjectQueue } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job, Queue } from 'bullmq';
import { Counter } from 'prom-client';
import { BookingsRepository } from '../bookings.repository';
import { PaymentsClient } from '../../payments/payments.client';
import { WaitlistService } from '../../waitlist/waitlist.service';

const expiredHolds = new Counter({
  name: 'booking_holds_expired_total',
  help: 'Holds that ran out before the payment arrived',
  labelNames: ['outcome', 'room'],
});

@Processor('hold-expiry')
export class HoldExpiryProcessor extends WorkerHost {
  private readonly logger = new Logger('HoldExpiry');

  constructor(
    private readonly bookings: BookingsRepository,
    private readonly payments: PaymentsClient,
    private readonly waitlist: WaitlistService,
    @InjectQueue('notifications') private readonly notifications: Queue,
  ) {
    super();
  }

  async process(job: Job<{ bookingId: string }>) {
    const { bookingId } = job.data;
    const booking = await this.bookings.findById(bookingId);

    if (!booking) {
      this.logger.warn({ bookingId, event: 'hold_expiry_booking_missing' });
      return { skipped: 'missing' }; //= return: no  logged and returned
    }
    if (booking.status !== 'held') return { skipped: `status:${booking.status}` }; //= return: no  returned reason ends up in the job result

    const intent = booking.paymentIntentId ? await this.payments.getIntent(booking.paymentIntentId) : null;
    if (intent?.status === 'processing') {
      await job.moveToDelayed(Date.now() + 60_000);
      return; //= return: maybe  the job itself is moved, but nothing tells why the hold did not expire
    }

    await this.bookings.setStatus(bookingId, 'expired');
    expiredHolds.inc({ outcome: 'expired', room: booking.roomId }); //= bounded-labels  room id as label value

    try {
      await this.payments.cancelIntent(booking.paymentIntentId);
    } catch { //= catch: yes  an open payment intent stays behind, nobody knows
    }

    await this.offerToWaitlist(booking.roomId, booking.startsAt, booking.endsAt);
  }

  private async offerToWaitlist(roomId: string, from: Date, to: Date): Promise<void> {
    const candidates = await this.waitlist.candidates(roomId, from, to);
    if (!candidates.length) return; //= return: no  nobody waits, nothing to do

    const [first] = candidates;
    const offer = await this.waitlist.offer(first.id, { roomId, from, to }).catch((err: Error) => { //= catch: no  logged with the error
      this.logger.error({ err, waitlistEntryId: first.id, event: 'waitlist_offer_failed' });
      return null;
    });
    if (offer === null) return; //= return: no  failure was logged in the handler
    if (offer.declinedBefore) {
      return; //= return: yes  no one is notified because of an older refusal, invisible
    }

    await this.notifications.add('waitlist-offer', { entryId: first.id, offerId: offer.id });
    expiredHolds.inc({ outcome: 'offered', room: 'any' });
  }
}
