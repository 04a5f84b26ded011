import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { createTransport, Transporter } from 'nodemailer';
import { Counter } from 'prom-client';
import { TemplateRenderer } from './template-renderer.service';
import { SuppressionList } from './suppression-list.service';

const mailsSent = new Counter({
  name: 'mails_total',
  help: 'Mails by template and outcome',
  labelNames: ['template', 'outcome', 'recipient'],
});

@Injectable()
export class MailerService {
  private readonly logger = new Logger(MailerService.name);
  private readonly transport: Transporter;

  constructor(
    private readonly config: ConfigService,
    private readonly renderer: TemplateRenderer,
    private readonly suppressions: SuppressionList,
  ) {
    this.transport = createTransport(config.getOrThrow<string>('SMTP_URL'));
  }

  async send(to: string, template: string, vars: Record<string, unknown>): Promise<void> {
    if (this.config.get('MAIL_DISABLED') === 'true') return; //= return: no  mode switch from the environment

    try {
      if (await this.suppressions.has(to)) {
        return; //= return: yes  "why did the mail never arrive"
      }
      const html = await this.renderer.render(template, vars);
      await this.transport.sendMail({ from: this.config.get('MAIL_FROM'), to, ...html });
      mailsSent.inc({ template, outcome: 'sent', recipient: to }); //= bounded-labels  address as label value
    } catch (error) { //= catch: no  logged and rethrown
      mailsSent.inc({ template, outcome: 'failed' });
      this.logger.error({ msg: 'mail_failed', template, err: error }); //= no-double-report  logged as an error and rethrown
      throw error;
    }
  }

  async sendBulk(recipients: { email: string; vars: Record<string, unknown> }[], template: string): Promise<number> {
    if (!recipients.length) return 0; //= return: no  empty parameter
    let sent = 0;
    for (const { email, vars } of recipients) {
      try {
        await this.send(email, template, vars);
        sent++;
      } catch { //= catch: no  send() has logged it, the count is returned
        continue;
      }
    }
    return sent;
  }

  async verify(): Promise<boolean> {
    try {
      await this.transport.verify();
      return true; //= return: no  health probe
    } catch { //= catch: maybe  health probe, answer false says down but the cause would help
      return false; //= return: no  health probe
    }
  }
}
