import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { InjectRepository } from '@nestjs/typeorm';
import { createTransport, Transporter } from 'nodemailer';
import { Repository } from 'typeorm';
import { MetricsService } from '../metrics/metrics.service';
import { Suppression } from './suppression.entity';
import { TemplateService } from './template.service';

@Injectable()
export class MailerService {
  private readonly logger = new Logger(MailerService.name);
  private readonly transport: Transporter;

  constructor(
    private readonly config: ConfigService,
    private readonly templates: TemplateService,
    private readonly metrics: MetricsService,
    @InjectRepository(Suppression) private readonly suppressions: Repository<Suppression>,
  ) {
    const { host, port, user, password } = config.getOrThrow('smtp');
    this.transport = createTransport({ host, port, auth: { user, pass: password }, pool: true });
    this.logger.log({ host, port, password }, 'mail transport ready'); //= no-sensitive-fields  password in a log field
  }

  async send(template: string, to: string | null | undefined, context: Record<string, unknown>): Promise<void> {
    if (!to) {
      return; //= return: yes  mail without recipient dropped in silence
    }
    const suppressed = await this.suppressions.findOneBy({ address: to.toLowerCase() });
    if (suppressed) return; //= return: yes  bounced address, mail not sent, the classic question to support

    const { subject, html, text } = await this.templates.render(template, context);
    const end = this.metrics.mailDuration.startTimer({ template });
    try {
      await this.transport.sendMail({ to, subject, html, text, from: this.config.get('smtp.from') });
      this.metrics.mails.inc({ template, outcome: 'sent' });
    } catch (err) { //= catch: no  logged and rethrown
      this.metrics.mails.inc({ template, outcome: err.message }); //= bounded-labels  error message as label
      this.logger.error({ err, template }, 'mail could not be sent'); //= no-double-report  logged as error and rethrown
      throw err;
    } finally {
      end();
    }
  }

  async verify(): Promise<boolean> {
    try {
      await this.transport.verify();
      return true; //= return: no  health predicate
    } catch (err) { //= catch: no  logged
      this.logger.warn(`SMTP is not reachable: ${err}`); //= error-with-context  error interpolated //= structured-event  error interpolated into the message
      return false; //= return: no  logged
    }
  }
}
