import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { ReaderRepo, Reader } from '../repos/reader-repo.js'
import type { Mailer } from '../notify/mailer.js'
import { renderDigest } from '../notify/render-digest.js'

interface DigestJob {
  readerId: string
  day: string
}

const MIN_ITEMS = 3

function isQuietDay(reader: Reader, day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (reader.digest.days === 'all') return false //= return: no  predicate
  if (reader.digest.days === 'workdays') return weekday === 0 || weekday === 6 //= return: no  predicate
  return !reader.digest.days.includes(weekday)
}

export class DigestWorker {
  private readonly log = componentLog('digest')

  constructor(
    private readonly readers: ReaderRepo,
    private readonly items: ItemRepo,
    private readonly mailer: Mailer,
  ) {}

  async process({ data: { readerId, day } }: Job<DigestJob>): Promise<boolean> {
    const reader = await this.readers.get(readerId)
    if (!reader?.email) return false //= return: yes  why was the digest never sent: no address
    if (!reader.emailVerifiedAt) return false //= return: yes  address not verified, nothing says so
    if (isQuietDay(reader, day)) return false //= return: no  reader's own schedule, every week the same

    const bounce = await this.mailer.lastBounce(reader.email)
    if (bounce && bounce.permanent) {
      this.log.info({ readerId, bouncedAt: bounce.at }, 'digest not sent, address bounces')
      return false //= return: no  logged
    }

    const items = await this.items.unreadSince(readerId, reader.digest.lastSentAt)
    if (items.length < MIN_ITEMS) return false //= return: yes  too few items, the reader asks where the digest is

    if (!(await this.readers.claimDigest(readerId, day))) {
      // the job was retried after it had sent
      return true //= return: no  reason comment, idempotent
    }

    const html = renderDigest(reader, items)
    await this.mailer.send({ to: reader.email, subject: `Your feeds of ${day}`, html })
    this.log.info({ reader, items: items.length }, 'digest sent') //= no-sensitive-fields  the whole reader, the user of this product
    return true
  }

  // runs hourly, each hour serves the readers for whom it is morning
  async plan(now: Date, add: (job: DigestJob) => Promise<unknown>): Promise<number> {
    const day = now.toISOString().slice(0, 10)
    let planned = 0
    try {
      for await (const reader of this.readers.inMorning(now)) {
        await add({ readerId: reader.id, day })
        planned++
      }
    } catch (err) { //= catch: no  logged, as text
      this.log.error(`planning stopped after ${planned} readers: ${err}`) //= error-with-context  error interpolated //= structured-event  interpolated message
      return planned //= return: no  logged
    }
    return planned
  }
}
