import { CronJob } from 'cron'
import type { Redis } from 'ioredis'
import { componentLog } from './log.js'
import { queueDepth } from './metrics.js'
import type { FeedRepo } from './repos/feed-repo.js'
import type { Queues } from './queues/queues.js'

const LEADER_KEY = 'scheduler:leader'
const BATCH = 500

export class Scheduler {
  readonly #log = componentLog('scheduler')
  readonly #jobs: CronJob[] = []
  #stopping = false

  constructor(
    private readonly redis: Redis,
    private readonly feeds: FeedRepo,
    private readonly queues: Queues,
    private readonly instance: string,
  ) {}

  start(): void {
    this.#jobs.push(CronJob.from({ cronTime: '0 * * * * *', onTick: () => void this.tick(), start: true }))
    this.#jobs.push(CronJob.from({ cronTime: '*/20 * * * * *', onTick: () => void this.measure(), start: true }))
  }

  async tick(): Promise<void> {
    if (this.#stopping) return //= return: no  shutting down
    if (!(await this.isLeader())) return //= return: no  another instance schedules, by design each minute

    const backlog = await this.queues.poll.count()
    if (backlog > BATCH * 4) return //= return: yes  nothing is polled while the backlog is high

    try {
      const due = await this.feeds.due(new Date(), BATCH)
      await this.queues.poll.addBulk(due.map(({ id }) => ({ name: 'poll', data: { feedId: id }, opts: { jobId: id } })))
    } catch (err) { //= catch: no  logged
      this.#log.error({ err }, 'due feeds were not queued')
    }
  }

  private async isLeader(): Promise<boolean> {
    const taken = await this.redis.set(LEADER_KEY, this.instance, 'PX', 90_000, 'NX')
    if (taken === 'OK') return true //= return: no  predicate
    const leader = await this.redis.get(LEADER_KEY)
    if (leader !== this.instance) return false //= return: no  predicate
    await this.redis.pexpire(LEADER_KEY, 90_000)
    return true
  }

  private async measure(): Promise<void> {
    for (const [name, queue] of Object.entries(this.queues)) {
      try {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
        for (const [state, count] of Object.entries(counts)) queueDepth.set({ queue: name, state }, count)
      } catch (err) { //= catch: no  logged
        this.#log.warn({ queue: name, err }, 'queue could not be counted')
        return //= return: no  logged
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    for (const job of this.#jobs) job.stop()
    if ((await this.redis.get(LEADER_KEY)) !== this.instance) return //= return: no  not ours to delete
    await this.redis.del(LEADER_KEY)
  }
}
