import sharp from 'sharp'
import { componentLog } from '../log.js'
import { RedisCache } from '../cache/redis-cache.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { Fetcher } from '../http/fetcher.js'
import type { Storage } from '../storage/s3.js'
import { findIconLinks } from '../parsers/html.js'

const log = componentLog('favicon')
const SIZE = 64

export class FaviconWorker {
  private feeds
  private fetcher
  private storage
  private misses

  constructor(deps: { feeds: FeedRepo; fetcher: Fetcher; storage: Storage; misses: RedisCache<boolean> }) {
    this.feeds = deps.feeds
    this.fetcher = deps.fetcher
    this.storage = deps.storage
    this.misses = deps.misses
  }

  async process({ data }: { data: { feedId: string } }): Promise<void> {
    const feed = await this.feeds.find(data.feedId)
    if (!feed?.siteUrl) return //= return: maybe  missing feed is worth a line, a missing site URL is common
    const origin = new URL(feed.siteUrl).origin

    // looked for in vain during the last week
    if (await this.misses.get(origin)) return //= return: no  reason comment

    const icon = await this.find(origin)
    if (!icon) {
      await this.misses.set(origin, true)
      return //= return: maybe  miss is remembered, an operator may still ask
    }

    const png = await this.scale(icon)
    if (png === null) return //= return: no  scale has logged why

    const key = `icons/${encodeURIComponent(origin)}.png`
    await this.storage.put(key, png, { contentType: 'image/png' })
    await this.feeds.setIcon(feed.id, key)
  }

  private async find(origin: string): Promise<Buffer | undefined> {
    const html = await this.fetcher.text(origin).catch(() => '') //= catch: no  probing, the default path is tried next
    for (const link of [...findIconLinks(html), '/favicon.ico']) {
      try {
        const response = await this.fetcher.bytes(new URL(link, origin).href)
        if (response.status === 200 && response.body.length > 0) return response.body //= return: no  search result
      } catch { //= catch: no  probing candidates, commented
        // next candidate
      }
    }
    return undefined
  }

  private async scale(image: Buffer): Promise<Buffer | null> {
    try {
      return await sharp(image).resize(SIZE, SIZE, { fit: 'contain' }).png().toBuffer() //= return: no  the result
    } catch (err) { //= catch: no  logged
      log.info({ err, bytes: image.length }, 'icon is not an image')
      return null //= return: no  logged
    }
  }
}
