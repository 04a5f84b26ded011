import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import { sanitize } from '../parsers/html.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { RuleRepo, Rule } from '../repos/rule-repo.js'
import type { Queues } from '../queues/queues.js'

interface Context {
  accountId: string
  feedId: string
}

const MAX_ITEMS = 10_000

/** Applies new filter rules to what is stored already. */
export class ReprocessWorker {
  private log = componentLog('reprocess')
  private verbose = process.env.REPROCESS_VERBOSE === '1'

  constructor(
    private readonly feeds: FeedRepo,
    private readonly items: ItemRepo,
    private readonly rules: RuleRepo,
    private readonly queues: Queues,
  ) {}

  async process(job: Job<Context>): Promise<void> {
    const { accountId, feedId } = job.data
    const rules = await this.rules.of(accountId, feedId)
    const total = await this.items.count(feedId)
    this.log.info({ jobId: job.id, feedId, rules: rules.length, total }, 'reprocessing')
    if (rules.length === 0) return //= return: no  the line before tells that there are no rules
    if (total > MAX_ITEMS) return this.giveUp(job, 'too_many_items') //= return: no  logged by the method

    const feed = await this.feeds.find(feedId)
    if (!feed) return this.giveUp(job, 'feed_missing') //= return: no  logged by the method

    rows: for await (const item of this.items.ofFeed(feedId)) {
      for (const rule of rules) {
        const outcome = this.apply(rule, item)
        if (outcome === 'keep') continue rows
        if (outcome === 'drop') {
          await this.items.hide(item.id, rule.id)
          continue rows
        }
      }
      await this.items.update(item.id, { html: sanitize(item.html) })
    }
    await this.finish(job)
  }

  private giveUp(job: Job<Context>, reason: string): void {
    this.log.warn({ jobId: job.id, ...job.data, reason }, 'reprocessing given up')
  }

  private apply(rule: Rule, item: { title: string; html: string }): 'keep' | 'drop' | undefined {
    if (rule.field === 'title' && rule.matches(item.title)) return rule.action //= return: no  pure
    if (rule.field === 'text') {
      const text = item.html.replace(/<[^>]+>/g, ' ')
      return rule.matches(text) ? rule.action : undefined //= return: no  pure
    }
    this.verbose && this.log.trace({ rule: rule.id }, 'rule does not match')
    return undefined
  }

  private async finish({ data: { accountId, feedId } }: Job<Context>): Promise<void> {
    const pending = await this.rules.pending(accountId)
    if (pending.length > 0) {
      await this.queues.reprocess.add('next', { accountId, feedId: pending[0]!.feedId })
      return //= return: no  branch is done, the next one is queued
    }

    const settings = await this.rules.settings(accountId)
    if (settings.silent) return //= return: yes  account isn't told that the rules were applied
    const owner = await this.feeds.ownerOf(feedId)
    if (!owner) return //= return: yes  nobody is told, the feed has no owner
    await this.queues.notify.add('rules-applied', { accountId, readerId: owner.id })
  }
}
