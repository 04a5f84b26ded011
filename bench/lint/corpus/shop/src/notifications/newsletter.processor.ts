import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Job, Queue } from 'bullmq';
import { Repository } from 'typeorm';
import { Customer } from '../customers/customer.entity';
import { SettingsService } from '../config/settings.service';
import { Campaign, CampaignState } from './campaign.entity';
import { MailerService } from './mailer.service';
import { Subscriber } from './subscriber.entity';

type NewsletterJob = { kind: 'start' | 'batch' | 'confirm'; campaignId?: string; subscriberId?: string; offset?: number };

const BATCH = 200;

@Processor('newsletter')
@Injectable()
export class NewsletterProcessor extends WorkerHost {
  private readonly logger = new Logger('Newsletter');

  constructor(
    @InjectQueue('newsletter') private readonly queue: Queue,
    @InjectRepository(Campaign) private readonly campaigns: Repository<Campaign>,
    @InjectRepository(Subscriber) private readonly subscribers: Repository<Subscriber>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    private readonly mailer: MailerService,
    private readonly settings: SettingsService,
  ) {
    super();
  }

  async process(job: Job<NewsletterJob>): Promise<unknown> {
    switch (job.data.kind) {
      case 'start':
        return this.start(job.data.campaignId!); //= return: no  routes by kind
      case 'batch':
        return this.batch(job.data.campaignId!, job.data.offset ?? 0); //= return: no  routes by kind
      case 'confirm':
        return this.confirm(job.data.subscriberId!); //= return: no  routes by kind
    }
  }

  private async start(campaignId: string) {
    const campaign = await this.campaigns.findOneBy({ id: campaignId });
    if (campaign?.state !== CampaignState.Scheduled) {
      return false; //= return: yes  campaign is not sent and nothing says in which state it was
    }
    const { paused } = await this.settings.get('newsletter');
    if (paused) {
      this.logger.warn({ campaignId }, 'newsletter is paused, campaign stays scheduled');
      return false; //= return: no  logged
    }
    await this.campaigns.update(campaignId, { state: CampaignState.Sending });
    await this.queue.add('batch', { kind: 'batch', campaignId, offset: 0 });
    return true;
  }

  private async batch(campaignId: string, offset: number): Promise<number> {
    const campaign = await this.campaigns.findOneBy({ id: campaignId });
    if (!campaign || campaign.state === CampaignState.Stopped) return 0; //= return: yes  rest of the campaign is not sent, no trace where it stopped

    const page = await this.subscribers.find({ where: { list: campaign.list, confirmed: true }, skip: offset, take: BATCH, order: { id: 'ASC' } });
    if (page.length === 0) {
      await this.campaigns.update(campaignId, { state: CampaignState.Sent, sentAt: new Date() });
      return 0; //= return: no  branch done, campaign is complete
    }

    const results = await Promise.all(
      page.map(async (subscriber) => {
        try {
          await this.mailer.send(campaign.template, subscriber.email, { unsubscribe: subscriber.unsubscribeUrl });
          return true; //= return: no  outcome
        } catch { //= catch: no  mailer.send() logs every failure, comment says so
          // the mailer has logged it, one bad address must not stop the batch
          return false; //= return: no  outcome
        }
      }),
    );
    await this.queue.add('batch', { kind: 'batch', campaignId, offset: offset + BATCH });
    return results.filter(Boolean).length;
  }

  private async confirm(subscriberId: string): Promise<void> {
    const subscriber = await this.subscribers.findOneBy({ id: subscriberId });
    if (!subscriber) return; //= return: yes  confirmation mail of the double opt-in is not sent
    if (subscriber.confirmed) return; //= return: no  idempotent, confirmed already

    const customer = await this.customers.findOneBy({ email: subscriber.email });
    if (customer?.blockedAt) return; //= return: yes  blocked customer gets no mail, nobody can tell
    await this.mailer.send('confirm-subscription', subscriber.email, { link: subscriber.confirmUrl });
    await this.subscribers.update(subscriber.id, { confirmationSentAt: new Date() });
  }
}
