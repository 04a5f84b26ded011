import type { EventEmitter } from 'node:events'
import * as Sentry from '@sentry/node'
import { componentLog } from '../log.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { ReportRepo, Report } from '../repos/report-repo.js'
import type { Mailer } from '../notify/mailer.js'
import type { SearchIndex } from '../search-index.js'

const log = componentLog('moderation')
const AUTO_HIDE = 5

const severityOf = (report: Report): number => {
  switch (report.kind) {
    case 'illegal':
      return 10 //= return: no  pure
    case 'malware':
      return 8 //= return: no  pure
    case 'spam':
      return 1 //= return: no  pure
    default:
      return 0 //= return: no  pure
  }
}

export class ModerationEvents {
  constructor(
    private readonly reports: ReportRepo,
    private readonly items: ItemRepo,
    private readonly feeds: FeedRepo,
    private readonly index: SearchIndex,
    private readonly mailer: Mailer,
  ) {}

  register(bus: EventEmitter): void {
    bus.on('item.reported', (id: string) => {
      this.onReported(id).catch((err) => Sentry.captureException(err, { tags: { event: 'item.reported' } })) //= catch: no  reported to Sentry
    })
    bus.on('report.resolved', (id: string) => void this.onResolved(id).catch(() => null)) //= catch: yes  resolution fails without a trace
  }

  private async onReported(id: string): Promise<void> {
    const report = await this.reports.get(id)
    if (!report) return //= return: yes  a report by a reader is lost
    const severity = severityOf(report)
    if (severity === 0) return //= return: yes  report of an unknown kind is ignored unseen

    const total = await this.reports.addScore(report.itemId, severity)
    if (total < AUTO_HIDE) return //= return: no  below the threshold, the score is stored
    const item = await this.items.get(report.itemId)
    if (item === undefined) return //= return: yes  item is gone, its report stays open for ever
    if (item.pinnedByStaff) return //= return: yes  reported item stays visible, nothing says why

    await this.items.hide(item.id, 'reported')
    await this.index.remove(item.id)
    log.warn({ itemId: item.id, total }, 'item hidden after reports')
  }

  private async onResolved(id: string): Promise<void> {
    const report = await this.reports.get(id)
    if (report?.verdict !== 'upheld') return //= return: no  routing, only upheld reports have consequences

    const feed = await this.feeds.find(report.feedId)
    if (!feed) return //= return: yes  strike isn't counted
    const strikes = await this.reports.strikes(feed.id)
    if (strikes >= 3) {
      await this.feeds.pause(feed.id, 'moderation')
    } else if (strikes === 2 && feed.ownerEmail) {
      await this.mailer.send({ to: feed.ownerEmail, subject: 'A warning about your feed', html: '' })
    } else {
      return //= return: yes  no warning and no note although the report was upheld
    }
    await this.reports.close(id, { strikes })
  }
}
