import {
  Body, Controller, Delete, Get, Headers, HttpCode, Logger, NotFoundException, Param, ParseUUIDPipe, Post, Query, Req, Res, UseGuards,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { AuthGuard } from '../common/auth.guard';
import { BookingsService } from './bookings.service';
import { BookingPolicy } from '../policies/booking.policy';
import { CreateBookingDto } from './dto/create-booking.dto';
import { BookingsRepository } from './bookings.repository';
import { IdempotencyStore } from '../common/idempotency.store';

@Controller('bookings')
@UseGuards(AuthGuard)
export class BookingsController {
  private readonly logger = new Logger(BookingsController.name);

  constructor(
    private readonly service: BookingsService,
    private readonly repo: BookingsRepository,
    private readonly policy: BookingPolicy,
    private readonly idempotency: IdempotencyStore,
  ) {}

  @Get(':id')
  async show(@Param('id', ParseUUIDPipe) id: string, @Req() req: Request, @Res({ passthrough: true }) res: Response) {
    const booking = await this.repo.findWithRoom(id);
    if (!booking) throw new NotFoundException();
    if (!this.policy.canView(req.user, booking)) {
      res.status(403);
      return { error: 'forbidden' }; //= return: no  the client is told
    }
    if (req.headers['if-none-match'] === booking.etag) {
      res.status(304);
      return; //= return: no  not modified answer
    }
    res.setHeader('etag', booking.etag);
    return booking;
  }

  @Post()
  async create(@Body() dto: CreateBookingDto, @Req() req: Request, @Headers('idempotency-key') key?: string) {
    this.logger.debug({ event: 'booking_requested', body: req.body }); //= no-sensitive-fields  whole request body with guest data
    if (key) {
      const earlier = await this.idempotency.find(key);
      if (earlier) return earlier.response; //= return: no  idempotent replay of the stored answer
    }
    const booking = await this.service.create(dto, req.user.id);
    if (!key) return booking; //= return: no  nothing to remember without a key
    await this.idempotency.store(key, booking).catch((err) => { //= catch: no  logged with the object
      this.logger.warn({ err, bookingId: booking.id, event: 'idempotency_store_failed' });
    });
    return booking;
  }

  @Delete(':id')
  @HttpCode(204)
  async cancel(@Param('id', ParseUUIDPipe) id: string, @Req() req: Request, @Body('reason') reason?: string) {
    const result = await this.service.cancel(id, req.user.id, reason);
    if (result.ok) return; //= return: no  success answer 204
    if (result.reason === 'not_found') throw new NotFoundException();
    this.logger.log({ event: 'booking_cancel_refused', bookingId: id, reason: result.reason });
    return { error: result.reason };
  }

  @Post(':id/check-in')
  async checkIn(@Param('id', ParseUUIDPipe) id: string, @Req() req: Request) {
    try {
      const booking = await this.repo.findWithRoom(id);
      if (!booking) return { checkedIn: false, reason: 'unknown_booking' }; //= return: no  reason in the answer
      if (booking.checkedInAt) return { checkedIn: true, at: booking.checkedInAt }; //= return: no  idempotent
      await this.repo.markCheckedIn(id, req.user.id);
      return { checkedIn: true, at: new Date() }; //= return: no  happy path
    } catch (e) { //= catch: yes  the database error is dropped, the guest sees a bare false
      return { checkedIn: false }; //= return: yes  a failed check-in without a word to anyone
    }
  }

  @Get()
  async list(@Req() req: Request, @Query('page') page = '1', @Query('status') status?: string) {
    const pageNo = Number.parseInt(page, 10);
    if (Number.isNaN(pageNo) || pageNo < 1) return { items: [], total: 0 }; //= return: no  a query without effects
    const [items, total] = await this.repo.listForGuest(req.user.id, { page: pageNo, status });
    return { items, total };
  }
}
