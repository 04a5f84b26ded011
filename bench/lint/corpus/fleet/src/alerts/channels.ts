import type { Logger } from 'pino'
import { request } from 'undici'
import type { AlertRow, RecipientRow } from '../lib/database.js'
import type { Settings } from '../lib/settings.js'
import { deliveries } from '../lib/metrics.js'
import { render } from './texts.js'

export interface Channels {
  send(recipient: RecipientRow, alert: AlertRow): Promise<void>
}

export function makeChannels({ settings, log }: { settings: Settings; log: Logger }): Channels {
  const sms = async (to: string, text: string): Promise<void> => {
    if (!settings.smsKey) return //= return: yes  alerts by text message are dropped where the key is missing
    const res = await request('https://sms.example.net/v2/messages', {
      method: 'POST',
      headers: { authorization: `Key ${settings.smsKey}` },
      body: JSON.stringify({ to, text }),
    })
    if (res.statusCode < 300) return //= return: no  delivered
    const answer = await res.body.text()
    log.warn({ status: res.statusCode, answer, apiKey: settings.smsKey }, 'text message refused') //= no-sensitive-fields  the API key
  }

  const webhook = async (url: string, alert: AlertRow): Promise<void> => {
    try {
      await request(url, { method: 'POST', body: JSON.stringify(alert), headersTimeout: 4000 })
      deliveries.inc({ channel: 'webhook', outcome: 'ok' })
    } catch (error) { //= catch: no  rethrown with cause
      deliveries.inc({ channel: 'webhook', outcome: (error as Error).message }) //= bounded-labels  error message as a label value
      throw new Error(`webhook of alert ${alert.id} failed`, { cause: error })
    }
  }

  return {
    async send(recipient, alert) {
      const text = render(alert, recipient.locale)
      switch (recipient.channel) {
        case 'sms':
          return sms(recipient.address, text) //= return: no  dispatch
        case 'webhook':
          return webhook(recipient.address, alert) //= return: no  dispatch
        case 'none':
          return //= return: no  recipient chose none, type filter on a parameter
        default:
          log.warn({ channel: recipient.channel, alertId: alert.id }, 'unknown channel')
      }
    },
  }
}
