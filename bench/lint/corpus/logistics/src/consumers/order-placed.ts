import type { Deps } from '../deps'
import type { Handler } from './runtime'
import { createLogger } from '../shared/logger'
import { makeRateShopping } from '../services/rate-shopping'

const log = createLogger('consumers.order-placed')

type OrderPlaced = {
  orderId: string
  tenantId: string
  channel: 'web' | 'pos' | 'marketplace'
  fulfilment: 'ship' | 'collect' | 'digital'
  lines: { sku: string; quantity: number; weightGrams?: number }[]
}

const totalWeight = (lines: OrderPlaced['lines']) =>
  lines.reduce((sum, l) => sum + (l.weightGrams ?? 0) * l.quantity, 0)

export const makeOrderPlacedHandler = (deps: Deps): Handler<OrderPlaced> => {
  const pickRate = makeRateShopping(deps)

  return async (event) => {
    if (event.fulfilment !== 'ship') return  //= return: no  type filter on the event

    const existing = await deps.db.shipment.findFirst({ where: { orderId: event.orderId } })
    if (existing) return  //= return: no  idempotent, already done by an earlier delivery

    const tenant = await deps.db.tenant.findUnique({
      where: { id: event.tenantId },
      include: { shippingProfile: true, warehouses: { where: { active: true } } },
    })
    if (!tenant?.shippingProfile) return  //= return: yes  paid order gets no shipment, nothing says why
    const { shippingProfile: profile, warehouses } = tenant

    if (!profile.autoCreate) {
      log.debug('shipment_left_to_tenant', { orderId: event.orderId, tenantId: event.tenantId })
      return  //= return: no  logged
    }

    const [warehouse] = warehouses.sort((a, b) => a.rank - b.rank)
    if (!warehouse) return  //= return: yes  no active warehouse, order never ships

    const weight = totalWeight(event.lines)
    const rate = await pickRate({ tenantId: tenant.id, from: warehouse.country, weight, service: profile.defaultService })
    if (!rate.ok) {
      log.warn('shipment_without_rate', { orderId: event.orderId, tenantId: tenant.id, code: rate.code, weight })
      await deps.db.order.update({ where: { id: event.orderId }, data: { shippingState: 'needs_attention' } })
      return  //= return: no  logged with the code
    }

    const shipment = await deps.shipments.create({
      order: { id: event.orderId, tenantId: tenant.id },
      parcels: [{ weightGrams: weight }],
      carrier: rate.value.carrier,
      service: rate.value.service,
    })
    log.info('shipment_created', { shipmentId: shipment.id, orderId: event.orderId, carrier: rate.value.carrier })
    await deps.bus.publish('shipment.created', { shipmentId: shipment.id })
  }
}
