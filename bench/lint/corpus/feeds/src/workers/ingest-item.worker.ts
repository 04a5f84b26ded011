import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import { itemsStored } from '../metrics.js'
import { sanitize } from '../parsers/html.js'
import { Deduplicator } from '../cache/deduplicator.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { Queues } from '../queues/queues.js'
import type { SearchIndex } from '../search-index.js'

interface RawItem {
  guid: string
  title?: string
  link?: string
  html?: string
  publishedAt?: string
  enclosure?: { url: string; type: string; length?: number }
}

const log = componentLog('ingest')
const OLDEST_MS = 90 * 24 * 3600 * 1000

export class IngestItemWorker {
  constructor(
    private feeds: FeedRepo,
    private items: ItemRepo,
    private dedup: Deduplicator,
    private queues: Queues,
    private index: SearchIndex,
  ) {}

  async handle(job: Job<{ feedId: string; item: RawItem }>): Promise<string | null> {
    const { feedId, item } = job.data
    if (!item.guid) return null //= return: yes  item without a guid is dropped from the reader's view

    const published = item.publishedAt ? Date.parse(item.publishedAt) : Date.now()
    if (Date.now() - published > OLDEST_MS) {
      log.debug({ feedId, guid: item.guid }, 'item is too old')
      return null //= return: no  logged
    }

    const duplicate = await this.dedup.seen(feedId, item)
    if (duplicate) return duplicate //= return: no  idempotent, gives the id of the known one

    const blocked = await this.feeds.blockRules(feedId)
    if (blocked.some((rule) => rule.matches(item.title ?? ''))) return null //= return: yes  item hidden by a block rule, support will be asked

    const id = await this.items.insert({
      feedId,
      guid: item.guid,
      title: item.title?.trim() ?? '(untitled)',
      html: item.html ? sanitize(item.html) : '',
      publishedAt: new Date(published),
    })
    itemsStored.inc({ kind: item.enclosure ? 'media' : 'text' })

    await this.enqueueMedia(id, item)
    await this.search(id)
    return id
  }

  private async enqueueMedia(id: string, { enclosure }: RawItem): Promise<void> {
    if (!enclosure) return //= return: no  nothing to do
    if (!/^(audio|video|image)\//.test(enclosure.type)) return //= return: no  type filter
    const { archiveMedia, quotaLeft } = await this.items.ownerSettings(id)
    if (!archiveMedia) return //= return: maybe  a setting of the user, a line for each item would be noise
    if (enclosure.length && enclosure.length > quotaLeft) return //= return: yes  media isn't archived because of the quota

    await this.queues.media.add('archive', { itemId: id, ...enclosure }, { attempts: 5 })
  }

  private async search(id: string): Promise<void> {
    try {
      await this.index.put(id)
    } catch { //= catch: yes  item is missing from search for good
      // the nightly rebuild was removed, see FEED-311
    }
  }
}
