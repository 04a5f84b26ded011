import { ConflictException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectQueue } from '@nestjs/bullmq';
import { InjectRepository } from '@nestjs/typeorm';
import { Queue } from 'bullmq';
import { DataSource, LessThan, Repository } from 'typeorm';
import { Booking, BookingStatus } from './booking.entity';
import { Room } from '../rooms/room.entity';
import { CreateBookingDto } from './dto/create-booking.dto';
import { PricingService } from '../pricing/pricing.service';

const HOLD_MINUTES = 15;

@Injectable()
export class BookingsService {
  private readonly logger = new Logger(BookingsService.name);

  constructor(
    @InjectRepository(Booking) private readonly bookings: Repository<Booking>,
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    @InjectQueue('hold-expiry') private readonly holdQueue: Queue,
    private readonly pricing: PricingService,
    private readonly events: EventEmitter2,
    private readonly dataSource: DataSource,
  ) {}

  async create(dto: CreateBookingDto, guestId: string): Promise<Booking> {
    const room = await this.rooms.findOne({ where: { id: dto.roomId } });
    if (!room) throw new NotFoundException(`Room ${dto.roomId} not found`);

    try {
      const booking = await this.dataSource.transaction(async (manager) => {
        const price = await this.pricing.quote(room, dto.from, dto.to);
        return manager.save(Booking, {
          ...dto,
          guestId,
          price,
          status: BookingStatus.Held,
          holdUntil: new Date(Date.now() + HOLD_MINUTES * 60_000),
        });
      });
      await this.holdQueue.add('expire', { bookingId: booking.id }, { delay: HOLD_MINUTES * 60_000 });
      return booking; //= return: no  result of the happy path
    } catch (err) { //= catch: no  narrowed to the exclusion constraint, rest rethrown
      if ((err as { code?: string }).code === '23P01') {
        throw new ConflictException('The room is already taken in this period', { cause: err });
      }
      throw err;
    }
  }

  async confirm(bookingId: string, paymentId: string): Promise<void> {
    const booking = await this.bookings.findOneBy({ id: bookingId });
    if (!booking) return; //= return: yes  a paid booking that is missing is never confirmed, nobody learns why

    if (booking.status === BookingStatus.Confirmed) return; //= return: no  idempotent, already in the target state

    if (booking.status !== BookingStatus.Held) {
      return; //= return: yes  payment arrived for an expired or cancelled booking, silently dropped
    }

    booking.status = BookingStatus.Confirmed;
    booking.paymentId = paymentId;
    await this.bookings.save(booking);
    this.events.emit('booking.confirmed', { bookingId, roomId: booking.roomId });
    this.logger.log(`Booking ${bookingId} confirmed with payment ${paymentId}`); //= structured-event  ids interpolated into the message
  }

  async cancel(bookingId: string, actorId: string, reason?: string) {
    const booking = await this.bookings.findOneBy({ id: bookingId });
    if (!booking) {
      return { ok: false as const, reason: 'not_found' }; //= return: no  carries the reason
    }
    if (booking.startsAt < new Date()) {
      return { ok: false as const, reason: 'already_started' }; //= return: no  carries the reason
    }
    await this.bookings.update(bookingId, { status: BookingStatus.Cancelled, cancelReason: reason ?? null });
    this.events.emit('booking.cancelled', { bookingId, actorId, reason });
    return { ok: true as const };
  }

  async releaseExpiredHolds(now = new Date()): Promise<number> {
    const expired = await this.bookings.find({
      where: { status: BookingStatus.Held, holdUntil: LessThan(now) },
      take: 200,
    });
    if (expired.length === 0) return 0; //= return: no  nothing to release, count says so

    const ids = expired.map((b) => b.id);
    await this.bookings.update(ids, { status: BookingStatus.Expired });
    this.logger.log({ event: 'holds_released', count: ids.length });
    return ids.length;
  }

  async extendHold(bookingId: string, minutes: number): Promise<Date | null> {
    const booking = await this.bookings.findOneBy({ id: bookingId });
    if (booking?.status !== BookingStatus.Held) return null; //= return: yes  the hold is not extended and the caller cannot tell missing from expired
    const holdUntil = new Date(booking.holdUntil.getTime() + minutes * 60_000);
    await this.bookings.update(bookingId, { holdUntil });
    return holdUntil;
  }
}
