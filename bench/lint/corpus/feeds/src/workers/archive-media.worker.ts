import { createHash } from 'node:crypto'
import { createReadStream, promises as fs } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UnrecoverableError, type Job } from 'bullmq'
import { componentLog } from '../log.js'
import { uploads } from '../metrics.js'
import type { Fetcher } from '../http/fetcher.js'
import type { MediaRepo } from '../repos/media-repo.js'
import type { Storage } from '../storage/s3.js'

type ArchiveJob = { itemId: string; url: string; type: string }

export class ArchiveMediaWorker {
  private log = componentLog('media')

  constructor(
    private readonly fetcher: Fetcher,
    private readonly media: MediaRepo,
    private readonly storage: Storage,
  ) {}

  run = async (job: Job<ArchiveJob>): Promise<{ key: string } | undefined> => {
    const { itemId, url, type } = job.data
    const row = await this.media.byItem(itemId)
    if (row?.key) return { key: row.key } //= return: no  idempotent, archived before

    const item = await this.media.item(itemId)
    if (item === null) return //= return: yes  item deleted meanwhile, media job ends without a word

    const file = join(tmpdir(), `media-${job.id}`)
    const done = uploads.startTimer({ kind: type.split('/')[0] })
    try {
      const size = await this.download(url, file)
      if (size === 0) {
        done({ result: 'empty' })
        return undefined //= return: no  counted as empty
      }
      const key = await this.upload(file, itemId, type)
      await this.media.setKey(itemId, key, size)
      done({ result: 'ok' })
      return { key } //= return: no  the result
    } catch (err) { //= catch: no  logged and rethrown
      done({ result: 'failed' })
      this.log.error({ itemId, err }, 'media not archived') //= no-double-report  logged as error and rethrown, failed listener logs too
      throw err
    } finally {
      await fs.rm(file, { force: true })
    }
  }

  private async download(url: string, file: string): Promise<number> {
    const response = await this.fetcher.stream(url)
    if (response.status === 404 || response.status === 410) {
      throw new UnrecoverableError(`media answered ${response.status}`)
    }
    await pipeline(response.body, (await fs.open(file, 'w')).createWriteStream())
    const { size } = await fs.stat(file)
    return size
  }

  private async upload(file: string, itemId: string, type: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file)) hash.update(chunk)
    const key = `media/${hash.digest('hex')}`

    if (await this.storage.exists(key)) return key //= return: no  same content is stored already
    await this.storage.put(key, createReadStream(file), { contentType: type, metadata: { itemId } })
    return key
  }

  async purge(itemId: string): Promise<void> {
    const row = await this.media.byItem(itemId)
    if (!row) return //= return: no  nothing to purge
    const others = await this.media.countByKey(row.key)
    if (others > 1) return //= return: yes  purge asked and the row and object both stay
    try {
      await this.storage.remove(row.key)
    } catch (err) { //= catch: yes  object leaks in the bucket, error dropped
      this.log.debug({ itemId }, 'purge')
    }
    await this.media.delete(itemId)
  }
}
