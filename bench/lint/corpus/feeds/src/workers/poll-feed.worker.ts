import { Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { componentLog } from '../log.js'
import { polls } from '../metrics.js'
import { parseFeed } from '../parsers/feed.js'
import { FeedLock } from '../cache/lock.js'
import type { FeedRepo, Feed } from '../repos/feed-repo.js'
import type { Fetcher } from '../http/fetcher.js'
import type { Queues } from '../queues/queues.js'

interface PollJob {
  feedId: string
  force?: boolean
}

const MAX_FAILURES = 12

export class PollFeedWorker {
  private readonly log = componentLog('poll')
  private worker?: Worker<PollJob>

  constructor(
    private readonly redis: Redis,
    private readonly feeds: FeedRepo,
    private readonly fetcher: Fetcher,
    private readonly queues: Queues,
  ) {}

  start(concurrency: number): void {
    if (this.worker) return //= return: no  idempotent start
    this.worker = new Worker<PollJob>('poll', this.process, { connection: this.redis, concurrency })
    this.worker.on('failed', (job, err) => this.log.error({ job, err }, 'poll failed'))
  }

  process = async (job: Job<PollJob>): Promise<void> => {
    const feed = await this.feeds.find(job.data.feedId)
    if (!feed) return //= return: yes  job of a missing feed is done as if polled
    if (feed.pausedAt && !job.data.force) return //= return: yes  why was this feed never polled: paused

    const lock = await FeedLock.acquire(this.redis, feed.id)
    // another worker has it, its result counts for us
    if (!lock) return //= return: no  reason comment

    try {
      const response = await this.fetcher.get(feed.url, { etag: feed.etag, modified: feed.lastModified })
      if (response.notModified) {
        polls.inc({ outcome: 'not_modified' })
        await this.feeds.touch(feed.id)
        return //= return: no  counted by outcome
      }

      const parsed = parseFeed(response.body, response.contentType)
      if (parsed.items.length === 0) return //= return: maybe  an empty feed may be a broken one

      await this.store(feed, parsed.items)
      await this.feeds.succeeded(feed.id, { etag: response.etag, lastModified: response.lastModified })
      polls.inc({ outcome: 'ok', feed: feed.url }) //= bounded-labels  URL as label
    } catch (err) { //= catch: no  logged, stored and handled by count
      this.log.warn({ feedId: feed.id, err }, 'feed could not be polled')
      await this.punish(feed)
    } finally {
      await lock.release()
    }
  }

  private async store(feed: Feed, items: { guid: string }[]): Promise<void> {
    const known = await this.feeds.knownGuids(feed.id, items.map((item) => item.guid))
    for (const item of items) {
      if (known.has(item.guid)) continue
      await this.queues.ingest.add('item', { feedId: feed.id, item }, { jobId: `${feed.id}:${item.guid}` })
    }
  }

  private async punish(feed: Feed): Promise<void> {
    const failures = await this.feeds.failed(feed.id)
    if (failures < MAX_FAILURES) return //= return: no  below the limit, nothing skipped that anyone expects
    await this.feeds.pause(feed.id, 'too_many_failures')
    await this.queues.notify.add('feed-paused', { feedId: feed.id, failures })
  }
}
