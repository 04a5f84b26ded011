import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job } from 'bullmq';
import { BookingsRepository } from '../bookings.repository';
import { GuestsService } from '../../guests/guests.service';
import { MailerService } from '../../notifications/mailer.service';
import { PdfService } from '../../documents/pdf.service';
import { AccessCodesService } from '../../locks/access-codes.service';

interface ConfirmationJob {
  bookingId: string;
  resend?: boolean;
}

@Processor('confirmations', { concurrency: 5 })
export class ConfirmationProcessor extends WorkerHost {
  private readonly logger = new Logger(ConfirmationProcessor.name);

  constructor(
    private readonly bookings: BookingsRepository,
    private readonly guests: GuestsService,
    private readonly mailer: MailerService,
    private readonly pdf: PdfService,
    private readonly codes: AccessCodesService,
  ) {
    super();
  }

  async process(job: Job<ConfirmationJob>): Promise<void> {
    switch (job.name) {
      case 'confirm':
        return this.sendConfirmation(job.data); //= return: no  routes to the handler
      case 'access-code':
        return this.sendAccessCode(job.data.bookingId); //= return: no  routes to the handler
      case 'invoice':
        await this.sendInvoice(job.data.bookingId);
        return; //= return: no  branch is done
      default:
        this.logger.warn({ event: 'confirmation_job_unknown', jobName: job.name, jobId: job.id });
    }
  }

  private async sendConfirmation({ bookingId, resend }: ConfirmationJob) {
    const booking = await this.bookings.findWithRoom(bookingId);
    if (!booking) {
      return; //= return: yes  the guest never gets a confirmation and nothing tells why
    }

    // the job is retried as a whole, do not mail twice
    if (booking.confirmationSentAt && !resend) return; //= return: no  reason comment next to it

    const guest = await this.guests.findById(booking.guestId);
    if (!guest?.email) return; //= return: yes  no address, mail silently not sent

    if (guest.unsubscribed) {
      this.logger.debug({ event: 'confirmation_skipped', bookingId, reason: 'unsubscribed' });
      return; //= return: no  logged above
    }

    await this.mailer.send('booking-confirmed', guest.email, { booking, guest });
    await this.bookings.markConfirmationSent(bookingId);
  }

  private async sendAccessCode(bookingId: string) {
    const booking = await this.bookings.findWithRoom(bookingId);
    if (!booking || booking.status !== 'confirmed') return; //= return: yes  guest stands before a locked door, no trace
    if (!booking.room.smartLockId) return; //= return: maybe  room property, expected for rooms with keys, yet support would ask

    const code = await this.codes.issue(booking.room.smartLockId, booking.startsAt, booking.endsAt);
    this.logger.log({ event: 'access_code_issued', bookingId, accessCode: code }); //= no-sensitive-fields  the door code is a secret
    await this.mailer.send('access-code', booking.guest.email, { code });
  }

  private async sendInvoice(bookingId: string) {
    const booking = await this.bookings.findWithRoom(bookingId);
    if (!booking) throw new Error(`booking ${bookingId} vanished`);
    let attachment: Buffer | undefined;
    try {
      attachment = await this.pdf.render('invoice', booking);
    } catch (error) { //= catch: no  logged with the error object
      this.logger.error({ err: error, bookingId, event: 'invoice_render_failed' });
    }
    if (!attachment) return; //= return: no  cause was logged in the catch just above
    await this.mailer.send('invoice', booking.guest.email, {}, [attachment]);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job | undefined, error: Error) {
    if (!job) return; //= return: maybe  BullMQ hands no job for stalled ones, the error is then lost
    this.logger.error(`Job ${job.id} failed: ${error.message}`); //= error-with-context  message text only //= structured-event  interpolated
  }
}
