import { fetch } from 'undici'
import { componentLog } from '../log.js'
import type { FeedRepo } from '../repos/feed-repo.js'
import type { TeamRepo } from '../repos/team-repo.js'

interface Message {
  text: string
  blocks?: unknown[]
}

const log = componentLog('slack')

export class SlackNotifier {
  #mutedUntil = 0

  constructor(
    private readonly feeds: FeedRepo,
    private readonly teams: TeamRepo,
  ) {}

  async feedPaused({ feedId, failures }: { feedId: string; failures: number }): Promise<void> {
    const team = await this.teams.ownerOf(feedId)
    if (!team?.slackWebhook) return //= return: no  no Slack connected, nothing to tell

    const feed = await this.feeds.find(feedId)
    if (!feed) return //= return: yes  notification dropped for a vanished feed
    if (!team.notifyOn.includes('paused')) return //= return: yes  team setting drops the alert unseen

    await this.#post(team.slackWebhook, { text: `*${feed.title}* was paused after ${failures} failed polls.` })
  }

  async newItems(teamId: string, items: { title: string; link: string }[]): Promise<number> {
    if (!items.length) return 0 //= return: no  emptiness guard on a parameter

    const team = await this.teams.get(teamId)
    const channel = team.channels.find((candidate) => candidate.kind === 'items')
    if (!channel) {
      log.debug({ teamId }, 'team has no channel for items')
      return 0 //= return: no  logged
    }
    if (Date.now() < this.#mutedUntil) return 0 //= return: yes  items aren't posted while rate limited, and they are lost

    await this.#post(channel.webhook, {
      text: `${items.length} new items`,
      blocks: items.slice(0, 10).map(({ title, link }) => ({ type: 'section', text: { type: 'mrkdwn', text: `<${link}|${title}>` } })),
    })
    return items.length
  }

  async #post(webhook: string, message: Message): Promise<void> {
    let response
    try {
      response = await fetch(webhook, { method: 'POST', body: JSON.stringify(message), headers: { 'content-type': 'application/json' } })
    } catch (err) { //= catch: no  logged, though as text
      log.error({ error: String(err) }, 'slack could not be reached') //= error-with-context  error turned into text
      return //= return: no  logged
    }

    if (response.ok) return //= return: no  done
    if (response.status === 429) {
      this.#mutedUntil = Date.now() + Number(response.headers.get('retry-after') ?? 30) * 1000
      return //= return: yes  message is lost by the rate limit, no log
    }
    const body = await response.text().catch(() => '') //= catch: no  probe for detail, failure goes on below
    log.warn({ status: response.status, body: body.slice(0, 200), webhook }, 'slack refused a message') //= no-sensitive-fields  the webhook's URL is a secret
  }
}
