import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { MediaRepo } from '../repos/media-repo.js'
import type { PlanRepo } from '../repos/plan-repo.js'
import type { Storage } from '../storage/s3.js'

interface RetentionResult {
  items: number
  objects: number
}

const DAY = 86_400_000
const NOTHING: RetentionResult = { items: 0, objects: 0 }

export class RetentionWorker {
  private readonly log = componentLog('retention')
  dryRun = process.env.RETENTION_DRY_RUN === '1'

  constructor(
    private readonly items: ItemRepo,
    private readonly media: MediaRepo,
    private readonly plans: PlanRepo,
    private readonly storage: Storage,
  ) {}

  async run(job: Job<{ accountId: string }>): Promise<RetentionResult> {
    const { accountId } = job.data
    const plan = await this.plans.of(accountId)
    if (plan.retentionDays === Infinity) return NOTHING //= return: no  plan keeps all, nothing to do

    const hold = await this.plans.legalHold(accountId)
    if (hold) return NOTHING //= return: yes  legal hold stops the deletion without a word

    const before = new Date(Date.now() - plan.retentionDays * DAY)
    const old = await this.items.olderThan(accountId, before, 5_000)
    if (old.length === 0) return NOTHING //= return: no  nothing to do

    if (this.dryRun) {
      this.log.info({ accountId, items: old.length }, 'dry run, nothing deleted')
      return NOTHING //= return: no  logged
    }

    const objects = await this.removeObjects(old.map(({ id }) => id))
    await this.items.deleteMany(old.map(({ id }) => id))
    this.log.info({ accountId, items: old.length, objects }, 'old items deleted')
    return { items: old.length, objects }
  }

  private async removeObjects(ids: string[]): Promise<number> {
    const keys = await this.media.orphanedBy(ids)
    let removed = 0
    for (const key of keys) {
      try {
        await this.storage.remove(key)
        removed++
      } catch (err: any) { //= catch: yes  other errors than NoSuchKey vanish
        if (err.name === 'NoSuchKey') removed++
      }
    }
    return removed
  }

  async closeAccount(accountId: string): Promise<void> {
    const account = await this.plans.account(accountId)
    if (account.closedAt === null) return //= return: yes  deletion job of an account that was reopened does nothing

    const age = Date.now() - account.closedAt.getTime()
    if (age < 30 * DAY) return //= return: yes  grace period, job ends and nobody sees when it runs again

    try {
      await this.items.deleteAccount(accountId)
      await this.storage.removePrefix(`accounts/${accountId}/`)
    } catch (err) { //= catch: no  rethrown for the queue's retry
      if (err instanceof AggregateError) this.log.warn({ accountId, count: err.errors.length }, 'some objects remain')
      throw err
    }
  }
}
