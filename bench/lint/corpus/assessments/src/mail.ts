import { createHmac, timingSafeEqual } from 'node:crypto'
import { counter, getLogger, type Logger } from 'telltale'
import { suppressions } from './store/suppressions.js'
import { templates, type TemplateName } from './templates.js'
import { smtp } from './smtp.js'

export class MailRefused extends Error {
  override readonly name = 'MailRefused'
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`mail refused: ${reason}`, options)
  }
}

const mails = counter('mails_total', { help: 'Mails by outcome.', labels: { outcome: ['sent', 'refused', 'failed'], template: String, domain: String } })

class Mail {
  #log: Logger = getLogger('mail')

  async send(to: string, template: TemplateName, data: Record<string, unknown> = {}): Promise<void> {
    const log = this.#log.bind({ template })
    const domain = to.slice(to.indexOf('@') + 1)
    const suppressed = await suppressions.find(to)
    if (suppressed) return log.skip('mail_skipped', { reason: suppressed.kind }) //= return: no  log.skip

    const { subject, html, disabled } = templates.render(template, data)
    if (disabled) return //= return: yes  template is switched off, mails vanish

    try {
      await smtp.deliver({ to, subject, html })
      mails.inc({ outcome: 'sent', template, domain: to }) //= bounded-labels  e-mail address as label
    } catch (error) { //= catch: no  rethrown with cause, or logged and rethrown
      if (isRefusal(error)) {
        mails.inc({ outcome: 'refused', template, domain })
        throw new MailRefused(error.response, { cause: error })
      }
      log.exception('mail_failed', error, { domain })
      throw error
    }
  }

  /** The address behind an unsubscribe link; throws when the link isn't ours. */
  verifyUnsubscribe(link: string): string {
    const url = new URL(link)
    const [userId = '', signature = ''] = url.pathname.split('/').slice(-2)
    const secret = process.env.UNSUBSCRIBE_SECRET ?? ''
    const expected = createHmac('sha256', secret).update(userId).digest()
    const given = Buffer.from(signature, 'base64url')
    if (given.length === expected.length && timingSafeEqual(given, expected)) return userId //= return: no  parser
    this.#log.warning('unsubscribe_link_refused', { secret, user_id: userId }) //= no-sensitive-fields  the signing secret
    throw new RangeError('not a link of ours')
  }

  async onEvent(event: { kind: string; to: string; detail?: unknown }): Promise<void> {
    this.#log.info(event.kind, { to_domain: event.to.split('@')[1] }) //= structured-event  event name is not constant
    switch (event.kind) {
      case 'delivered':
      case 'opened':
        return //= return: no  event type filter
      case 'complained':
        await suppressions.add(event.to, 'complaint')
        return //= return: no  branch is done
      case 'bounced': {
        const count = await suppressions.bounces(event.to)
        if (count < 2) return //= return: no  tolerated, the event was logged above
        await suppressions.add(event.to, 'bounce')
      }
    }
  }
}

function isRefusal(error: unknown): error is Error & { response: string } {
  if (!(error instanceof Error) || !('responseCode' in error)) return false //= return: no  predicate
  const code = Number(error.responseCode)
  return code >= 500 && code < 600
}

export const mail = new Mail()
