import { InjectQueue, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { PostsRepository } from '../posts/posts.repository';
import { SettingsService } from '../common/settings.service';
import { AkismetClient, Verdict } from './akismet.client';

interface SweepJob {
  spaceId: string;
  since: string;
  depth?: number;
}

@Processor('spam-sweep', { concurrency: 2 })
export class SpamSweepProcessor extends WorkerHost {
  private readonly logger = new Logger(SpamSweepProcessor.name);

  constructor(
    private readonly posts: PostsRepository,
    private readonly settings: SettingsService,
    private readonly akismet: AkismetClient,
    @InjectQueue('spam-sweep') private readonly queue: Queue<SweepJob>,
  ) {
    super();
  }

  async process(job: Job<SweepJob>): Promise<number | void> {
    const { spaceId, since, depth = 0 } = job.data;
    if (depth > 20) {
      await job.log(`gave up at depth ${depth}`);
      return; //= return: no  said in the job's own log
    }

    const settings = await this.settings.forSpace(spaceId);
    if (!settings.spamFilter) return; //= return: yes  sweep off for the space, operator sees a completed job

    const key = settings.akismetKey ?? process.env.AKISMET_KEY;
    if (!key) return; //= return: yes  no key means no spam check at all

    const batch = await this.posts.recent(spaceId, new Date(since), 100);
    if (batch.length === 0) return 0; //= return: no  nothing to check, count returned

    let spam = 0;
    for (const post of batch) {
      const verdict = await this.check(post, key);
      if (verdict !== 'spam') continue;
      await this.posts.quarantine(post.id);
      spam++;
    }
    this.logger.log(`Swept ${batch.length} posts of ${spaceId}, ${spam} spam`); //= structured-event  interpolated message

    if (batch.length === 100) {
      await this.queue.add('next', { spaceId, since: batch.at(-1)!.createdAt.toISOString(), depth: depth + 1 });
    }
    return spam;
  }

  private async check(post: { id: string; body: string; ip: string }, key: string): Promise<Verdict> {
    if (post.body.length < 12) return 'ham'; //= return: no  pure rule on the parameter
    try {
      return await this.akismet.check(key, { content: post.body, userIp: post.ip }); //= return: no  result returned
    } catch (e) { //= catch: yes  outage of the spam service treated as ham
      return 'ham'; //= return: no  fallback value; the catch is the finding
    }
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<SweepJob> | undefined, error: Error) {
    if (!job) return; //= return: maybe  BullMQ passes undefined for stalled jobs, error then lost
    this.logger.error({ msg: 'spam_sweep_failed', jobId: job.id, err: error, data: job.data });
  }
}
