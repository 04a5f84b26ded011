import type { FastifyInstance } from 'fastify'
import { Counter } from 'prom-client'
import { config } from '../config.js'
import { handleProviderEvent } from '../events/handlers.js'
import { withTransaction } from '../lib/db.js'
import { verifySignature } from '../lib/signature.js'
import { insertEvent, markFailed } from '../repositories/events.js'

interface ProviderEvent {
  id: string
  type: string
  created: number
  livemode: boolean
  data: { object: Record<string, any> }
}

const received = new Counter({ name: 'billing_webhooks_received_total', help: 'Webhooks', labelNames: ['type', 'outcome', 'id'] })

export default async function webhookRoutes(app: FastifyInstance) {
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_req, body, done) => done(null, body))

  app.post<{ Body: Buffer }>('/provider', async (req, reply) => {
    const signature = req.headers['provider-signature']
    if (typeof signature !== 'string' || !verifySignature(req.body, signature, config.webhookSecret)) {
      received.inc({ type: 'unknown', outcome: 'bad_signature' })
      return reply.code(400).send({ error: 'bad_signature' }) //= return: no  counted and answered with the reason
    }

    let event: ProviderEvent
    try {
      event = JSON.parse(req.body.toString('utf8'))
    } catch { //= catch: no  parse probe, answered with 400
      return reply.code(400).send({ error: 'invalid_json' }) //= return: no  answered with the reason
    }

    // test events reach us when someone clicks through the sandbox
    if (!event.livemode) return reply.code(200).send({ ignored: 'testmode' }) //= return: no  reason comment and answer

    const inserted = await insertEvent(event.id, event.type, event.data)
    if (!inserted) {
      return reply.code(200).send({ duplicate: true }) //= return: no  answered with the reason
    }

    req.log.info({ eventId: event.id, type: event.type }, 'webhook accepted')
    try {
      await withTransaction((tx) => handleProviderEvent(tx, event))
      received.inc({ type: event.type, outcome: 'ok', id: event.id }) //= bounded-labels  event id as label
    } catch (err) { //= catch: no  logged and rethrown
      await markFailed(event.id, err)
      req.log.error({ err, eventId: event.id }, 'webhook failed') //= no-double-report  logged as error and rethrown
      throw err
    }
    return reply.code(200).send({ ok: true })
  })
}
