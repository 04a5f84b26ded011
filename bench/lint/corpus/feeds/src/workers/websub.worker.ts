import { randomBytes } from 'node:crypto'
import type { Job } from 'bullmq'
import { request } from 'undici'
import { componentLog } from '../log.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { SubscriptionRepo } from '../repos/subscription-repo.js'

const log = componentLog('websub')
const LEASE_SECONDS = 7 * 24 * 3600

export class WebSubWorker {
  constructor(
    private feeds: FeedRepo,
    private subscriptions: SubscriptionRepo,
    private callbackBase: string,
  ) {}

  async process(job: Job<{ feedId: string }>): Promise<void> {
    switch (job.name) {
      case 'subscribe':
        return this.subscribe(job.data.feedId, 'subscribe') //= return: no  dispatch
      case 'unsubscribe':
        return this.subscribe(job.data.feedId, 'unsubscribe') //= return: no  dispatch
      case 'renew':
        return this.renew() //= return: no  dispatch
      default:
        log.warn({ name: job.name }, 'unknown job')
        return //= return: no  logged
    }
  }

  private async subscribe(feedId: string, mode: 'subscribe' | 'unsubscribe'): Promise<void> {
    const feed = await this.feeds.find(feedId)
    if (!feed?.hub) return //= return: no  most feeds have no hub, polling serves them

    const existing = await this.subscriptions.byFeed(feedId)
    if (mode === 'unsubscribe' && !existing) return //= return: no  nothing to undo
    if (existing?.deniedAt) return //= return: yes  hub denied once, we never try again and don't say so

    const secret = existing?.secret ?? randomBytes(20).toString('hex')
    const form = new URLSearchParams({
      'hub.mode': mode,
      'hub.topic': feed.url,
      'hub.callback': `${this.callbackBase}/websub/${feedId}`,
      'hub.secret': secret,
      'hub.lease_seconds': String(LEASE_SECONDS),
    })
    const { statusCode } = await request(feed.hub, { method: 'POST', body: form.toString() })
    log.info({ feedId, mode, secret, statusCode }, 'hub asked') //= no-sensitive-fields  the hub secret
    if (statusCode >= 300) {
      await this.subscriptions.failed(feedId, statusCode)
      return //= return: no  logged with the status and stored
    }
    await this.subscriptions.pending(feedId, secret, mode)
  }

  private async renew(): Promise<void> {
    const expiring = await this.subscriptions.expiringBefore(Date.now() + 24 * 3600e3)
    for (const { feedId } of expiring) {
      try {
        await this.subscribe(feedId, 'subscribe')
      } catch { //= catch: yes  renewal fails and pushes stop without a trace
        continue
      }
    }
  }

  async confirm(feedId: string, params: URLSearchParams): Promise<string | null> {
    const mode = params.get('hub.mode')
    if (mode === 'denied') {
      await this.subscriptions.denied(feedId, params.get('hub.reason') ?? '')
      return null //= return: no  reason is stored
    }
    const pending = await this.subscriptions.byFeed(feedId)
    if (pending?.mode !== mode) return null //= return: maybe  the hub gets a 404, yet an operator may look for it

    const lease = Number(params.get('hub.lease_seconds')) || LEASE_SECONDS
    await this.subscriptions.active(feedId, Date.now() + lease * 1000)
    return params.get('hub.challenge')
  }
}
