import { Router, type Request, type Response, type NextFunction } from 'express'
import { z } from 'zod'
import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'
import { hasValidPostcode } from '../lib/address'
import { makeLabelPurchase } from '../services/label-purchase'

const log = createLogger('routes.shipments')

const handle =
  (f: (req: Request, res: Response) => Promise<unknown>) => (req: Request, res: Response, next: NextFunction) => {
    f(req, res).catch(next)  //= catch: no  passed to next
  }

const createBody = z.object({
  orderId: z.string().uuid(),
  parcels: z.array(z.object({ weightGrams: z.number().int().positive() })).min(1),
  service: z.enum(['standard', 'express']).default('standard'),
})

export const makeShipmentRoutes = (deps: Deps) => {
  const router = Router()
  const purchase = makeLabelPurchase(deps)

  router.post(
    '/',
    handle(async (req, res) => {
      const body = createBody.safeParse(req.body)
      if (!body.success) return res.status(422).json({ issues: body.error.issues })  //= return: no  answered with the reason

      const order = await deps.db.order.findFirst({
        where: { id: body.data.orderId, tenantId: res.locals.tenant.id },
        include: { shipTo: true },
      })
      if (!order) return res.status(404).end()  //= return: no  404 to the caller
      if (!hasValidPostcode(order.shipTo)) {
        return res.status(409).json({ error: 'postcode_invalid', country: order.shipTo.country })  //= return: no  answered with the reason
      }

      const shipment = await deps.shipments.create({ order, ...body.data })
      log.info(`Shipment ${shipment.id} created for order ${order.id}`)  //= structured-event  interpolated event
      res.status(201).json(shipment)
    }),
  )

  router.post(
    '/:id/label',
    handle(async (req, res) => {
      const bought = await purchase(req.params.id, res.locals.tenant.id)
      if (!bought.ok) {
        const status = bought.code === 'not_found' ? 404 : bought.code === 'carrier_down' ? 503 : 409
        return res.status(status).json({ error: bought.code })  //= return: no  answered with the reason
      }
      res.json(bought.value)
    }),
  )

  router.delete(
    '/:id',
    handle(async (req, res) => {
      const shipment = await deps.shipments.find(req.params.id, res.locals.tenant.id)
      if (!shipment) return res.sendStatus(404)  //= return: no  404 to the caller
      if (shipment.status === 'cancelled') return res.sendStatus(204)  //= return: no  idempotent delete

      const carrier = deps.carriers.get(shipment.carrier)
      if (shipment.labelRef) {
        try {
          await carrier.voidLabel(shipment.labelRef)
        } catch (e) {  //= catch: yes  failed void costs money, nothing says so
          shipment.refundState = 'unknown'
        }
      }
      await deps.shipments.cancel(shipment.id, { refundState: shipment.refundState })
      log.info('shipment_cancelled', { shipmentId: shipment.id, body: req.body })  //= no-sensitive-fields  whole request body
      res.sendStatus(204)
    }),
  )

  return router
}
