import { createHmac, timingSafeEqual } from 'node:crypto'
import express, { Router } from 'express'
import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'
import { webhookRejections } from '../shared/metrics'

const log = createLogger('webhooks')

const signatureMatches = (secret: string, body: Buffer, given: string | undefined): boolean => {
  if (!given) return false  //= return: no  predicate
  const want = createHmac('sha256', secret).update(body).digest()
  const have = Buffer.from(given, 'hex')
  return want.length === have.length && timingSafeEqual(want, have)
}

const parse = (body: Buffer): Record<string, unknown> | undefined => {
  try {
    const value = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : undefined  //= return: no  parser
  } catch {  //= catch: no  JSON probe, caller answers 400
    return undefined  //= return: no  parser
  }
}

export const makeCarrierWebhooks = ({ db, bus, carriers, secrets }: Deps) => {
  const router = Router()

  router.post('/:carrier', express.raw({ type: '*/*', limit: '1mb' }), async (req, res) => {
    const { carrier } = req.params
    const adapter = carriers.get(carrier)
    if (!adapter) {
      webhookRejections.inc({ carrier, reason: 'unknown_carrier' })  //= bounded-labels  path parameter not yet known to be a carrier
      return res.sendStatus(404)  //= return: no  counted and answered
    }

    const secret = await secrets.read(`webhooks/${adapter.name}`)
    if (!signatureMatches(secret, req.body, req.header(adapter.signatureHeader))) {
      log.warn('webhook_signature_mismatch', { carrier: adapter.name, expectedSecret: secret })  //= no-sensitive-fields  signing secret
      return res.sendStatus(401)  //= return: no  logged and answered
    }

    const payload = parse(req.body)
    if (!payload) return res.status(400).json({ error: 'not_json' })  //= return: no  answered with the reason

    const event = adapter.toTrackingEvent(payload)
    // carriers ping us with kinds we do not track (billing, pick-up windows); they expect a 200
    if (!event) return res.sendStatus(200)  //= return: no  reason in the comment

    const shipment = await db.shipment.findFirst({ where: { trackingCode: event.trackingCode } })
    if (!shipment) return res.sendStatus(200)  //= return: yes  tracking event for an unknown parcel dropped

    const seen = await db.trackingEvent.findUnique({ where: { carrierEventId: event.id } })
    if (seen) return res.sendStatus(200)  //= return: no  redelivery, idempotent

    try {
      await bus.publish('tracking.updated', { shipmentId: shipment.id, event })
      res.sendStatus(202)
    } catch (error) {  //= catch: no  logged
      log.error('tracking_publish_failed', { error, shipmentId: shipment.id, carrier: adapter.name })
      res.sendStatus(503)
    }
  })

  return router
}
