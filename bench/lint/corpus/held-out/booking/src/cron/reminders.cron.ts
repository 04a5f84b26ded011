import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { ConfigService } from '@nestjs/config';
import { addHours } from 'date-fns';
import { BookingsRepository } from '../bookings/bookings.repository';
import { MailerService } from '../notifications/mailer.service';
import { SmsGateway } from '../notifications/sms.gateway';
import { RedisLock } from '../common/redis-lock';
import type { Booking } from '../bookings/booking.entity';

@Injectable()
export class RemindersCron implements OnModuleDestroy {
  private readonly logger = new Logger(RemindersCron.name);
  private running = false;
  private stopped = false;

  constructor(
    private readonly bookings: BookingsRepository,
    private readonly mailer: MailerService,
    private readonly sms: SmsGateway,
    private readonly lock: RedisLock,
    private readonly config: ConfigService,
  ) {}

  @Cron(CronExpression.EVERY_10_MINUTES)
  async sendReminders(): Promise<void> {
    if (this.config.get('NODE_ENV') === 'test') return; //= return: no  environment guard
    if (this.running) return; //= return: yes  an overlapping or stuck run makes reminders stop without a sign
    const release = await this.lock.acquire('cron:reminders', 9 * 60_000);
    if (!release) return; // another replica has the lock //= return: no  reason comment on the line

    this.running = true;
    try {
      const due = await this.bookings.startingBetween(new Date(), addHours(new Date(), 24));
      let sent = 0;
      for (const booking of due) {
        if (this.stopped) return; //= return: yes  shutdown leaves the rest unsent, count never logged
        if (booking.remindedAt) continue;
        if (await this.remind(booking)) sent++;
      }
      this.logger.log({ event: 'reminders_sent', sent, due: due.length });
    } catch (err) { //= catch: no  logged with the object
      this.logger.error({ err, event: 'reminders_run_failed' });
    } finally {
      this.running = false;
      await release();
    }
  }

  private async remind(booking: Booking): Promise<boolean> {
    const { guest } = booking;
    if (!guest) return false; //= return: yes  booking without guest gets no reminder, no trace
    try {
      if (guest.phone && guest.smsOptIn) {
        await this.sms.send(guest.phone, `See you tomorrow at ${booking.room.name}`);
        await this.bookings.markReminded(booking.id, 'sms');
        return true; //= return: no  branch done
      }
      await this.mailer.send('reminder', guest.email, { booking });
      await this.bookings.markReminded(booking.id, 'email');
      return true; //= return: no  happy path
    } catch (err) { //= catch: yes  failed reminders vanish, only the count is one lower
      return false; //= return: yes  which guest was not reminded and why is unknown
    }
  }

  @Cron('0 4 * * *')
  async purgeDrafts() {
    const retention = Number(this.config.get('DRAFT_RETENTION_DAYS') ?? 0);
    if (!retention) return; //= return: no  feature is off by configuration
    const removed = await this.bookings.deleteDraftsOlderThan(retention);
    console.log('drafts purged', removed); //= no-console  a logger is at hand
  }

  onModuleDestroy() {
    this.stopped = true;
  }
}
