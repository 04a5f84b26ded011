import type { Deps } from '../deps'
import type { TrackingEvent, Shipment } from '../types'
import type { Handler } from './runtime'
import { createLogger } from '../shared/logger'
import { makeDeliveryExceptions } from '../services/delivery-exceptions'

const log = createLogger('tracking')

const ORDER = ['created', 'labelled', 'handed_over', 'in_transit', 'out_for_delivery', 'delivered'] as const

const isForward = (from: Shipment['status'], to: Shipment['status']) => {
  const a = ORDER.indexOf(from as never)
  const b = ORDER.indexOf(to as never)
  if (a === -1 || b === -1) return false  //= return: no  predicate
  return b > a
}

const STATUS_BY_CODE: Partial<Record<TrackingEvent['code'], Shipment['status']>> = {
  PU: 'handed_over',
  HO: 'handed_over',
  IT: 'in_transit',
  AR: 'in_transit',
  DP: 'in_transit',
  OD: 'out_for_delivery',
  DL: 'delivered',
}

export const makeTrackingUpdatedHandler = (deps: Deps): Handler<{ shipmentId: string; event: TrackingEvent }> => {
  const exceptions = makeDeliveryExceptions(deps)

  const advance = async (shipment: Shipment, event: TrackingEvent) => {
    const status = STATUS_BY_CODE[event.code]
    if (!status) return  //= return: no  codes without a status are routing, not work skipped
    if (!isForward(shipment.status, status)) {
      // carriers deliver scans late and out of order; an older scan must not move a parcel backwards
      return  //= return: no  reason in the comment
    }
    await deps.db.shipment.update({ where: { id: shipment.id }, data: { status, statusAt: event.at } })
    await deps.bus.publish('shipment.status_changed', { shipmentId: shipment.id, status })
  }

  return async ({ shipmentId, event }) => {
    const shipment = await deps.db.shipment.findUnique({ where: { id: shipmentId } })
    if (!shipment) {
      return  //= return: yes  scan lost because the parcel vanished
    }

    await deps.db.trackingEvent.create({ data: { shipmentId, carrierEventId: event.id, code: event.code, at: event.at } })

    if (event.kind === 'exception') {
      await exceptions.raise(shipment, event)
      return  //= return: no  branch done
    } else if (event.kind === 'return') {
      if (shipment.status === 'cancelled') return  //= return: yes  return of a cancelled parcel not registered
      await deps.db.returnParcel.create({ data: { shipmentId, openedAt: event.at } })
      log.info('Return to sender started', { shipmentId })  //= structured-event  sentence as event name
      return  //= return: no  branch done and logged
    }

    await advance(shipment, event)

    const eta = await deps.carriers
      .get(shipment.carrier)
      .estimate(shipment.trackingCode)
      .catch(() => null)  //= catch: yes  carrier call swallowed, estimate silently missing
    if (eta === null) return  //= return: maybe  estimate missing, cause was swallowed one line above
    await deps.db.shipment.update({ where: { id: shipmentId }, data: { eta } })
  }
}
