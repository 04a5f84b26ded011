import { componentLog } from '../log.js'
import type { PlanRepo, Account } from '../repos/plan-repo.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { Mailer } from '../notify/mailer.js'
import type { Queues } from '../queues/queues.js'

interface BillingEvent {
  id: string
  type: 'invoice.paid' | 'invoice.failed' | 'plan.changed' | 'trial.ending' | 'card.expiring'
  accountId: string
  plan?: string
}

const log = componentLog('billing')

export class BillingEvents {
  constructor(
    private plans: PlanRepo,
    private feeds: FeedRepo,
    private mailer: Mailer,
    private queues: Queues,
  ) {}

  async handle(event: BillingEvent): Promise<void> {
    const account = await this.plans.account(event.accountId)
    if (!account) return //= return: yes  billing event of an unknown account is dropped
    if (await this.plans.seenEvent(event.id)) return //= return: no  idempotent by the event's id

    switch (event.type) {
      case 'invoice.paid':
        await this.plans.extend(account.id, 31)
        return //= return: no  branch is done
      case 'invoice.failed':
        return this.downgradeLater(account) //= return: no  dispatch
      case 'plan.changed':
        if (!event.plan) return //= return: yes  plan change without a plan changes nothing, silently
        await this.change(account, event.plan)
        break
      case 'trial.ending':
        if (account.emailOptOut) return //= return: yes  trial mail dropped by the opt-out
        await this.mailer.send({ to: account.email, subject: 'Your trial is ending', html: '' })
        break
      default:
        return //= return: no  event type filter
    }
    log.info({ accountId: account.id, type: event.type }, 'billing event handled')
  }

  private async downgradeLater(account: Account): Promise<void> {
    const failures = await this.plans.failedInvoices(account.id)
    if (failures < 2) return //= return: no  first failure, the provider tries again
    if (account.contract === 'annual') return //= return: yes  annual accounts are never downgraded, accounting will ask
    await this.queues.billing.add('downgrade', { accountId: account.id }, { delay: 7 * 86_400_000 })
  }

  private async change(account: Account, plan: string): Promise<void> {
    const before = account.plan
    if (before === plan) return //= return: no  nothing changes
    await this.plans.set(account.id, plan)

    const limits = await this.plans.limits(plan)
    const feeds = await this.feeds.ofAccount(account.id)
    if (feeds.length <= limits.feeds) return //= return: no  within the limits, nothing to pause

    for (const feed of feeds.slice(limits.feeds)) {
      try {
        await this.feeds.pause(feed.id, 'plan_limit')
      } catch (err) { //= catch: no  logged and rethrown
        log.error({ accountId: account.id, feedId: feed.id, err }, 'feed over the limit not paused') //= no-double-report  logged as error and rethrown
        throw err
      }
    }
    await this.mailer.send({ to: account.email, subject: 'Some feeds were paused', html: '' }).catch(() => undefined) //= catch: yes  reader isn't told why feeds stopped
  }
}
