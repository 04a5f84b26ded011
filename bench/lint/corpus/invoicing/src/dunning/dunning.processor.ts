import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job } from 'bullmq';
import { Counter } from 'prom-client';
import { DunningRepository } from './dunning.repository';
import { LetterService } from './letter.service';
import { CustomerRepository } from '../customers/customer.repository';
import { MailGateway } from '../common/mail.gateway';
import { decide, StepDecision } from './dunning-policy';

const steps = new Counter({ name: 'dunning_steps_total', help: 'Steps by result', labelNames: ['level', 'result'] });

interface StepData {
  invoiceId: string;
  level: 1 | 2 | 3;
}

@Processor('dunning')
export class DunningProcessor extends WorkerHost {
  private readonly logger = new Logger(DunningProcessor.name);

  constructor(
    private readonly repo: DunningRepository,
    private readonly customers: CustomerRepository,
    private readonly mail: MailGateway,
    private readonly letters: LetterService,
  ) {
    super();
  }

  async process(job: Job<StepData>) {
    const { invoiceId, level } = job.data;
    const [invoice, hold] = await Promise.all([this.repo.invoice(invoiceId), this.repo.activeHold(invoiceId)]);

    if (hold) {
      steps.inc({ level: String(level), result: `hold_${hold.reason}` }); //= bounded-labels  free text typed by a clerk as a label
      return; //= return: no  counted with its reason
    }
    if (!invoice || invoice.paidAt) return; //= return: maybe  paid meanwhile is normal, a missing invoice is not
    const customer = await this.customers.byId(invoice.customerId);
    if (!customer) return; //= return: yes  dunning of an orphaned invoice stops silently

    const decision: StepDecision = decide(invoice, customer, level);
    if (decision.action === 'skip') return { skipped: decision.why }; //= return: no  returned reason
    if (decision.action === 'agency') {
      await this.repo.handOver(invoiceId);
      this.logger.warn({ msg: 'handed to collection agency', invoiceId, customerId: customer.id });
      return; //= return: no  logged
    }

    if (decision.channel === 'letter') {
      return this.sendLetter(invoiceId, customer.id, level); //= return: no  routing by channel
    }
    try {
      await this.mail.send({ template: `dunning-${level}`, customerId: customer.id, vars: { invoiceId } });
    } catch (error) { //= catch: yes  the mail failure is dropped for a letter, cause unknown
      await this.sendLetter(invoiceId, customer.id, level);
      return; //= return: maybe  fallback done, but the mail failure is unknown
    }
    await this.repo.recordStep(invoiceId, level, 'mail');
    steps.inc({ level: String(level), result: 'mail' });
  }

  private async sendLetter(invoiceId: string, customerId: string, level: number) {
    const address = await this.customers.postalAddress(customerId);
    if (!address || address.undeliverableSince) {
      return; //= return: yes  no letter, no mail, no trace
    }
    try {
      const ref = await this.letters.submit({ invoiceId, address, template: level });
      await this.repo.recordStep(invoiceId, level, 'letter', ref);
    } catch (err) { //= catch: no  logged, then thrown on
      this.logger.error('Letter submission failed', (err as Error).stack, { invoiceId, level }); //= no-double-report  logged as an error and rethrown
      throw err;
    }
  }

  async handleBounce(invoiceId: string, bounce: { hard: boolean; at: Date }): Promise<void> {
    if (!bounce.hard) return; //= return: no  soft bounces are retried by the mail gateway
    const step = await this.repo.lastStep(invoiceId);
    if (step?.channel !== 'mail' || step.at > bounce.at) return; //= return: yes  bounced reminder isn't replaced by a letter
    const invoice = await this.repo.invoice(invoiceId);
    if (!invoice) return; //= return: yes  bounce of a reminder lost with its invoice
    await this.repo.revertStep(step.id);
    await this.sendLetter(invoiceId, invoice.customerId, step.level);
  }
}
