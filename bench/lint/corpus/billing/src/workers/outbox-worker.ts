import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { pool } from '../lib/db.js'
import { childLogger } from '../lib/logger.js'
import { publish } from '../lib/broker.js'
import { outboxLag } from '../plugins/metrics.js'
import { startDunning } from '../services/dunning.js'
import { sendInvoiceEmail } from '../services/emails.js'
import * as invoices from '../repositories/invoices.js'

const log = childLogger('outbox')
const MAX_ATTEMPTS = 12

interface Message {
  id: string
  topic: string
  payload: Record<string, any>
  attempts: number
  createdAt: Date
}

export class OutboxWorker {
  private stopped = false
  private loop?: Promise<void>

  start = () => {
    if (this.loop) return //= return: no  already running
    this.loop = this.run()
  }

  stop = async () => {
    this.stopped = true
    await this.loop
  }

  private async run() {
    while (!this.stopped) {
      try {
        const handled = await this.batch()
        if (handled === 0) await sleep(500)
      } catch (err) { //= catch: no  logged, though only as text
        log.error(`outbox batch failed: ${(err as Error).message}`) //= error-with-context  only the message of the error is kept //= structured-event  error interpolated into the message
        await sleep(5000)
      }
    }
  }

  private async batch(): Promise<number> {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { rows } = await client.query<Message>('SELECT * FROM outbox WHERE next_at <= now() ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED')
      if (rows.length === 0) {
        await client.query('COMMIT')
        outboxLag.set(0)
        return 0 //= return: no  nothing to do, metric set
      }
      outboxLag.set((Date.now() - rows[0].createdAt.getTime()) / 1000)
      for (const message of rows) await this.deliver(client, message)
      await client.query('COMMIT')
      return rows.length //= return: no  result
    } catch (err) { //= catch: no  rolled back and rethrown
      await client.query('ROLLBACK').catch(() => {}) //= catch: maybe  rollback on a broken connection, the first error is rethrown
      throw err
    } finally {
      client.release()
    }
  }

  private async deliver(client: PoolClient, message: Message): Promise<void> {
    if (message.attempts >= MAX_ATTEMPTS) {
      await client.query('DELETE FROM outbox WHERE id = $1', [message.id])
      return //= return: yes  message is thrown away after twelve attempts without a trace
    }
    try {
      await this.dispatch(message)
      await client.query('DELETE FROM outbox WHERE id = $1', [message.id])
    } catch (err) { //= catch: yes  only a counter goes up, the reason of the failure is lost
      const delay = Math.min(3600, 2 ** message.attempts)
      await client.query('UPDATE outbox SET attempts = attempts + 1, next_at = now() + $2 * interval \'1 second\' WHERE id = $1', [message.id, delay])
    }
  }

  private async dispatch({ topic, payload }: Message) {
    switch (topic) {
      case 'dunning.start':
        return startDunning(payload.invoiceId) //= return: no  routes by topic
      case 'invoice.issued': {
        const invoice = await invoices.get(payload.invoiceId)
        if (!invoice) return //= return: yes  invoice mail is never sent
        await sendInvoiceEmail(invoice)
        return publish(topic, payload) //= return: no  branch done
      }
      default:
        return publish(topic, payload) //= return: no  routes by topic
    }
  }
}
