import type { Job } from 'bullmq'
import { XMLParser } from 'fast-xml-parser'
import { componentLog } from '../log.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { ReaderRepo } from '../repos/reader-repo.js'
import type { Queues } from '../queues/queues.js'
import type { Storage } from '../storage/s3.js'

interface Outline {
  '@xmlUrl'?: string
  '@text'?: string
  outline?: Outline | Outline[]
}

const log = componentLog('opml')

function collect(node: Outline | Outline[] | undefined, folder: string[] = []): { url: string; folder: string[] }[] {
  if (!node) return [] //= return: no  pure
  if (Array.isArray(node)) return node.flatMap((child) => collect(child, folder)) //= return: no  pure
  if (node['@xmlUrl']) return [{ url: node['@xmlUrl'], folder }] //= return: no  pure
  return collect(node.outline, [...folder, node['@text'] ?? ''])
}

export class OpmlImportWorker {
  constructor(
    private readonly storage: Storage,
    private readonly feeds: FeedRepo,
    private readonly readers: ReaderRepo,
    private readonly queues: Queues,
  ) {}

  async process(job: Job<{ readerId: string; key: string }>): Promise<{ added: number; failed: number }> {
    const { readerId, key } = job.data
    let outlines: { url: string; folder: string[] }[]
    try {
      const file = await this.storage.text(key)
      outlines = collect(new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(file).opml?.body?.outline)
    } catch (err) { //= catch: yes  unreadable import looks like an empty one
      return { added: 0, failed: 0 } //= return: yes  import and its cleaning up are skipped without a reason
    }

    let added = 0
    let failed = 0
    const limit = await this.readers.subscriptionLimit(readerId)
    for (const { url, folder } of outlines) {
      try {
        if (await this.subscribe(readerId, url, folder, limit)) added++
        await job.updateProgress(Math.round((added / outlines.length) * 100))
      } catch (err) { //= catch: yes  counted, but neither URL nor error is known
        failed++
      }
    }
    log.info({ readerId, added, failed, total: outlines.length }, 'import finished')
    await this.storage.remove(key).catch((err) => log.warn({ err, key }, 'import file remains')) //= catch: no  logged
    await this.queues.notify.add('import-finished', { readerId, added, failed })
    return { added, failed }
  }

  private async subscribe(readerId: string, url: string, folder: string[], limit: number): Promise<boolean> {
    const count = await this.readers.countSubscriptions(readerId)
    if (count >= limit) return false //= return: yes  plan limit silently leaves feeds out of the import

    const feed = (await this.feeds.byUrl(url)) ?? (await this.feeds.create(url))
    const known = await this.readers.subscription(readerId, feed.id)
    if (known) return false //= return: no  idempotent, subscribed before

    await this.readers.subscribe(readerId, feed.id, { folder: folder.filter(Boolean).join(' / ') })
    return true
  }
}
