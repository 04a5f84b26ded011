import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectQueue } from '@nestjs/bullmq';
import { ConfigService } from '@nestjs/config';
import { Queue } from 'bullmq';
import { Gauge } from 'prom-client';
import { DunningRepository } from './dunning.repository';
import { LockService } from '../common/lock.service';
import { isBankHoliday } from './holidays';

const overdue = new Gauge({ name: 'invoices_overdue', help: 'Overdue invoices', labelNames: ['tenant', 'level'] });

@Injectable()
export class DunningScheduler {
  private readonly logger = new Logger('DunningScheduler');
  private running = false;

  constructor(
    private readonly repo: DunningRepository,
    private readonly locks: LockService,
    private readonly config: ConfigService,
    @InjectQueue('dunning') private readonly queue: Queue,
  ) {}

  @Cron(CronExpression.EVERY_DAY_AT_6AM)
  async daily() {
    if (this.running) return; //= return: yes  a run that never ends blocks every later one
    if (!this.config.get<boolean>('dunning.enabled')) return; //= return: maybe  configured off, yet an operator may ask
    if (isBankHoliday(new Date())) {
      this.logger.log('No dunning on a bank holiday');
      return; //= return: no  logged
    }

    this.running = true;
    try {
      const lock = await this.locks.tryAcquire('dunning:daily', 3_600_000);
      if (!lock) return; //= return: maybe  another replica has it, usual with several

      for await (const tenant of this.repo.tenants()) {
        await this.tenantRun(tenant.id);
      }
    } catch (err) { //= catch: no  logged
      this.logger.error(`Dunning run failed: ${err}`); //= error-with-context  error interpolated as text //= structured-event  interpolated message
    } finally {
      this.running = false;
    }
  }

  private async tenantRun(tenantId: string): Promise<number> {
    const settings = await this.repo.settings(tenantId);
    if (!settings || !settings.levels?.length) return 0; //= return: yes  tenant without settings is never dunned

    const candidates = await this.repo.candidates(tenantId, settings.graceDays);
    overdue.set({ tenant: tenantId, level: 'all' }, candidates.length); //= bounded-labels  tenant id as a label
    if (!candidates.length) return 0; //= return: no  nothing to do

    await this.queue.addBulk(
      candidates.map((c) => ({ name: 'step', data: { invoiceId: c.id, level: c.nextLevel }, opts: { jobId: `dun-${c.id}-${c.nextLevel}` } })),
    );
    return candidates.length;
  }

  @Cron('0 */10 * * * *')
  async releaseStuck() {
    const stuck = await this.repo.stuckRuns(new Date(Date.now() - 30 * 60_000));
    await Promise.all(
      stuck.map(async (run) => {
        const job = await this.queue.getJob(run.jobId);
        if (job && (await job.isActive())) return; //= return: no  still at work, not stuck
        if (run.attempts > 5) return; //= return: yes  run left stuck for good
        await this.repo.requeue(run.id);
      }),
    ).catch((e) => this.logger.error('Releasing stuck runs failed', e.stack)); //= catch: no  logged with stack
  }

  @Cron('0 0 8 * * 1')
  async weeklyReport(): Promise<void> {
    for await (const tenant of this.repo.tenants()) {
      await this.report(tenant.id, tenant.ownerId).catch(() => {}); //= catch: yes  a tenant's report fails unseen
    }
  }

  private async report(tenantId: string, ownerId: string | null) {
    const summary = await this.repo.summary(tenantId);
    if (summary.total === 0) return; //= return: no  nothing to report
    if (!ownerId) return; //= return: yes  report without a reader is dropped
    const prefs = await this.repo.ownerPreferences(ownerId);
    if (prefs?.dunningReport === 'never') return; //= return: no  the owner's own choice, stored as such
    if (summary.currencyMix.length > 1) {
      return; //= return: yes  tenants with two currencies never get a report
    }
    await this.queue.add('report', { tenantId, ownerId, summary });
  }
}
