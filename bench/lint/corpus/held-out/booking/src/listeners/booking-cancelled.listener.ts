import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { RefundService } from '../payments/refund.service';
import { RoomsService } from '../rooms/rooms.service';
import { PushService } from '../notifications/push.service';
import { BookingsRepository } from '../bookings/bookings.repository';
import { CalendarSyncService } from '../calendar/calendar-sync.service';
import { HousekeepingClient } from '../housekeeping/housekeeping.client';

export interface BookingCancelledEvent {
  bookingId: string;
  actorId: string;
  reason?: string;
  silent?: boolean;
}

@Injectable()
export class BookingCancelledListener {
  private readonly logger = new Logger(BookingCancelledListener.name);

  constructor(
    private readonly bookings: BookingsRepository,
    private readonly refunds: RefundService,
    private readonly rooms: RoomsService,
    private readonly push: PushService,
    private readonly calendar: CalendarSyncService,
    private readonly housekeeping: HousekeepingClient,
  ) {}

  @OnEvent('booking.cancelled', { async: true })
  async issueRefund({ bookingId }: BookingCancelledEvent) {
    try {
      await this.refunds.refundCancelled(bookingId);
    } catch (err) { //= catch: no  logged, though only as text
      this.logger.error('Refund after cancellation failed: ' + err.message); //= error-with-context  message text only, no booking id //= structured-event  concatenated message
    }
  }

  @OnEvent('booking.cancelled', { async: true })
  async notifyHost(event: BookingCancelledEvent) {
    if (event.silent) return; //= return: no  caller asked for silence, plain parameter toggle
    const booking = await this.bookings.findWithRoom(event.bookingId);
    if (!booking) return; //= return: yes  host is never told about the cancellation
    const host = await this.rooms.hostOf(booking.roomId);
    if (!host || !host.pushToken) return; //= return: yes  no host or no device, push dropped without a trace

    const result = await this.push.send(host.pushToken, {
      title: 'Booking cancelled',
      body: `${booking.room.name}: ${booking.startsAt.toISOString()}`,
    });
    if (result.accepted) return; //= return: no  success, only failures are logged below
    this.logger.warn({ event: 'host_push_rejected', hostId: host.id, bookingId: event.bookingId, code: result.code });
  }

  @OnEvent('booking.cancelled', { async: true })
  async freeCalendar({ bookingId }: BookingCancelledEvent): Promise<void> {
    const booking = await this.bookings.findWithRoom(bookingId);
    if (!booking?.room?.calendarId) return; //= return: maybe  rooms without calendar are common, but a lost booking also lands here
    await this.calendar.removeEvent(booking.room.calendarId, bookingId);
  }

  @OnEvent('booking.cancelled', { async: true })
  async cancelCleaning({ bookingId }: BookingCancelledEvent) {
    const task = await this.housekeeping.findTask(bookingId).catch(() => null); //= catch: yes  an outage looks like "no cleaning task"
    if (!task) {
      return; //= return: yes  cleaners come for nothing, no hint why
    }
    if (task.state === 'done') {
      this.logger.log({ event: 'cleaning_already_done', bookingId, taskId: task.id });
      return; //= return: no  logged above
    }
    await this.housekeeping.cancelTask(task.id);
  }

  @OnEvent('booking.cancelled', { async: true })
  async withdrawReview(event: BookingCancelledEvent): Promise<void> {
    const invitation = await this.bookings.reviewInvitation(event.bookingId);
    if (invitation === null) return Promise.resolve(); //= return: no  no invitation was made, nothing to withdraw
    if (invitation.openedAt) return; //= return: yes  guest may review a cancelled stay, the exception leaves no trace
    await this.bookings.deleteReviewInvitation(invitation.id);
  }

  @OnEvent('booking.cancelled', { async: true })
  async chargeNoShowFee({ bookingId, reason }: BookingCancelledEvent): Promise<void> {
    if (reason !== 'no_show') return; //= return: no  filter on the event's reason
    const card = await this.bookings.cardOnFile(bookingId);
    if (!card) return; //= return: yes  the fee is never charged, accounting will ask
    const fee = await this.rooms.noShowFee(bookingId);
    if (fee <= 0) return; //= return: maybe  a rate without a fee is normal, a missing rate gives the same zero
    await this.refunds.charge(card.id, fee);
  }
}
