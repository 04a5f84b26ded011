import type { EventEmitter } from 'node:events'
import { componentLog } from '../log.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { ReaderRepo } from '../repos/reader-repo.js'
import type { Queues } from '../queues/queues.js'

interface Subscribed {
  readerId: string
  feedId: string
  source: 'app' | 'import' | 'api'
}

export class SubscriptionEvents {
  private log = componentLog('subscriptions')

  constructor(
    private feeds: FeedRepo,
    private readers: ReaderRepo,
    private queues: Queues,
  ) {}

  attach(bus: EventEmitter): void {
    bus.on('subscribed', this.onSubscribed)
    bus.on('unsubscribed', (event: Subscribed) => {
      this.onUnsubscribed(event).catch((err) => this.log.error({ err, ...event }, 'unsubscribe not handled')) //= catch: no  logged with ids
    })
  }

  private onSubscribed = async ({ readerId, feedId, source }: Subscribed): Promise<void> => {
    const feed = await this.feeds.find(feedId)
    if (!feed) return //= return: yes  reader subscribed to a feed that is never polled
    await this.queues.poll.add('poll', { feedId }, { priority: 1 })
    if (feed.hub) await this.queues.websub.add('subscribe', { feedId })

    // an OPML import greets once, at its end
    if (source === 'import') return //= return: no  reason comment

    const reader = await this.readers.get(readerId)
    if (reader === undefined || reader.settings.tips === false) return //= return: maybe  mixes a missing reader with a setting

    const count = await this.readers.countSubscriptions(readerId)
    if (count !== 1) return //= return: no  tip is for the first one only, routing
    await this.queues.notify.add('first-feed', { readerId, feedId })
  }

  private async onUnsubscribed({ readerId, feedId }: Subscribed): Promise<void> {
    const left = await this.feeds.subscriberCount(feedId)
    if (left > 0) return //= return: no  others still read it, the normal case

    const feed = await this.feeds.find(feedId)
    if (feed?.pinned) return //= return: maybe  pinned by an admin on purpose, yet polls go on unseen
    if (feed?.hub) await this.queues.websub.add('unsubscribe', { feedId })
    await this.feeds.pause(feedId, 'no_readers')
    this.log.info({ feedId, readerId }, 'feed paused, nobody reads it')
  }
}

export function onFeedMoved(feeds: FeedRepo, queues: Queues) {
  return async function moved({ feedId, to }: { feedId: string; to: string }): Promise<void> {
    const target = await feeds.byUrl(to)
    if (target?.id === feedId) return //= return: no  already there
    if (target) {
      await feeds.merge(feedId, target.id)
      return //= return: no  other branch, merged
    }

    const redirects = await feeds.redirectsOf(feedId)
    if (redirects.length >= 5) return //= return: yes  move refused after five redirects, nothing says so
    await feeds.setUrl(feedId, to)
    await queues.poll.add('poll', { feedId, force: true })
  }
}
