import { Injectable } from '@nestjs/common';
import { differenceInHours } from 'date-fns';
import type { Booking } from '../bookings/booking.entity';
import type { AuthUser } from '../common/auth.types';

export type CancelDecision =
  | { allowed: true; refundPercent: number }
  | { allowed: false; reason: 'started' | 'not_owner' | 'non_refundable' };

@Injectable()
export class BookingPolicy {
  canView(user: AuthUser | undefined, booking: Booking): boolean {
    if (!user) return false; //= return: no  predicate
    if (user.roles.includes('admin')) return true; //= return: no  predicate
    if (user.roles.includes('host') && booking.room?.hostId === user.id) return true; //= return: no  predicate
    return booking.guestId === user.id;
  }

  canModify = (user: AuthUser, booking: Booking): boolean => {
    if (booking.lockedAt) return false; //= return: no  predicate
    if (['cancelled', 'expired'].includes(booking.status)) {
      return false; //= return: no  predicate
    }
    return this.canView(user, booking);
  };

  cancellation(user: AuthUser, booking: Booking, now = new Date()): CancelDecision {
    if (!this.canView(user, booking)) return { allowed: false, reason: 'not_owner' }; //= return: no  reason in the value
    if (booking.startsAt <= now) return { allowed: false, reason: 'started' }; //= return: no  reason in the value

    const hours = differenceInHours(booking.startsAt, now);
    switch (booking.rate.policy) {
      case 'flexible':
        return { allowed: true, refundPercent: hours >= 24 ? 100 : 50 }; //= return: no  pure decision
      case 'moderate':
        if (hours >= 5 * 24) return { allowed: true, refundPercent: 100 }; //= return: no  pure decision
        return { allowed: true, refundPercent: hours >= 24 ? 50 : 0 }; //= return: no  pure decision
      default:
        return { allowed: false, reason: 'non_refundable' }; //= return: no  reason in the value
    }
  }

  maxGuests(booking: Booking): number {
    const { room } = booking;
    if (!room) return 0; //= return: no  getter
    if (room.capacityOverride != null) return room.capacityOverride; //= return: no  getter
    return room.beds * 2;
  }
}
