import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { createTransport, type Transporter } from 'nodemailer';
import { Counter, Histogram } from 'prom-client';
import { TemplatesService } from './templates.service';
import { SuppressionsRepository } from './suppressions.repository';

const mails = new Counter({ name: 'mails_total', help: 'Mails by template and result', labelNames: ['template', 'result', 'recipient'] });
const mailSeconds = new Histogram({ name: 'mail_send_seconds', help: 'Time to hand a mail to the relay', labelNames: ['template'] });

@Injectable()
export class MailerService {
  private readonly logger = new Logger(MailerService.name);
  private transport?: Transporter;

  constructor(
    private readonly config: ConfigService,
    private readonly templates: TemplatesService,
    private readonly suppressions: SuppressionsRepository,
  ) {
    this.logger.log({ event: 'mailer_config', smtpPassword: config.get('SMTP_PASSWORD'), host: config.get('SMTP_HOST') }); //= no-sensitive-fields  SMTP password in the log
  }

  private getTransport(): Transporter | undefined {
    if (this.transport) return this.transport; //= return: no  memoised getter
    const host = this.config.get<string>('SMTP_HOST');
    if (!host) return undefined; //= return: no  getter, caller handles it
    this.transport = createTransport({ host, pool: true });
    return this.transport;
  }

  async send(template: string, to: string, context: object, attachments: Buffer[] = []): Promise<boolean> {
    const transport = this.getTransport();
    if (!transport) return false; //= return: yes  a missing SMTP host disables all mail without a word

    if (await this.suppressions.contains(to)) {
      mails.inc({ template, result: 'suppressed' });
      return false; //= return: no  counted by a metric with the result
    }

    const html = await this.templates.render(template, context);
    if (!html) return false; //= return: yes  an empty template swallows the mail

    const stop = mailSeconds.startTimer({ template });
    try {
      await transport.sendMail({ to, html, attachments: attachments.map((content) => ({ content })) });
      mails.inc({ template, result: 'sent', recipient: to }); //= bounded-labels  e-mail address as label
      return true; //= return: no  happy path
    } catch (err) { //= catch: no  logged, if badly
      this.logger.warn(`mail ${template} not sent`, (err as Error).message); //= error-with-context  message text only //= structured-event  interpolated
      mails.inc({ template, result: (err as Error).message }); //= bounded-labels  error message as label
      return false; //= return: no  logged above
    } finally {
      stop();
    }
  }

  async handleBounce(payload: { recipient?: string; kind: 'hard' | 'soft'; detail?: string }): Promise<void> {
    if (payload.kind === 'soft') return; //= return: no  filter on the payload kind
    if (!payload.recipient) {
      this.logger.warn({ event: 'bounce_without_recipient', detail: payload.detail });
      return; //= return: no  logged above
    }
    await this.suppressions.add(payload.recipient, payload.detail ?? 'hard bounce');
  }

  async verify(): Promise<{ up: boolean; error?: string }> {
    const transport = this.getTransport();
    if (!transport) return { up: false, error: 'not configured' }; //= return: no  reason in the value
    return transport.verify().then(
      () => ({ up: true }),
      (error: Error) => ({ up: false, error: error.message }),
    );
  }
}
