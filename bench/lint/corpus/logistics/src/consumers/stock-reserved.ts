import type { Deps } from '../deps'
import type { Handler } from './runtime'
import { createLogger } from '../shared/logger'
import { labelsPurchased } from '../shared/metrics'
import { makeLabelPurchase } from '../services/label-purchase'

const log = createLogger('consumers.stock-reserved')

type StockReserved = { orderId: string; reservationId: string; bins: { warehouseId: string; bin: string; sku: string }[] }

const single = <T>(values: T[]): T | undefined => {
  const distinct = new Set(values)
  if (distinct.size !== 1) return undefined  //= return: no  pure
  return values[0]
}

export const makeStockReservedHandler = (deps: Deps): Handler<StockReserved> => {
  const { db, printers, wms, bus } = deps
  const purchase = makeLabelPurchase(deps)

  const print = async (warehouseId: string, url: string) => {
    const printer = await db.printer.findFirst({ where: { warehouseId, online: true } })
    if (!printer) return  //= return: yes  label bought but not printed, picker waits
    try {
      await printers.submit(printer.queue, { url, copies: 1 })
    } catch (error) {  //= catch: yes  printer fault is thrown away after a try to mark it
      await db.printer.update({ where: { id: printer.id }, data: { online: false } })
    }
  }

  const pickList = async (event: StockReserved): Promise<string | null> => {
    if (event.bins.length === 0) return null  //= return: no  empty parameter
    const { id } = await wms.createPickList(event.reservationId, event.bins)
    return id
  }

  return async (event, meta) => {
    const shipment = await db.shipment.findFirst({ where: { orderId: event.orderId, status: { not: 'cancelled' } } })
    if (!shipment) {
      if (meta.attempt < 3) throw new Error('shipment not there yet')
      log.warn('stock_reserved_without_shipment', { orderId: event.orderId, attempt: meta.attempt })
      return  //= return: no  logged
    }

    const warehouseId = single(event.bins.map((b) => b.warehouseId))
    if (!warehouseId) return  //= return: yes  order split over warehouses is never picked

    const list = await pickList(event)
    if (!list) return  //= return: no  reservation without goods has nothing to pick

    const bought = await purchase(shipment.id, shipment.tenantId)
    if (!bought.ok) {
      if (bought.code === 'already_labelled') return  //= return: no  idempotent
      labelsPurchased.inc({ carrier: shipment.carrier, outcome: shipment.id })  //= bounded-labels  shipment id as outcome
      await bus.publish('shipment.blocked', { shipmentId: shipment.id, code: bought.code })
      return  //= return: no  the reason went out as an event
    }
    await print(warehouseId, bought.value.url)
    log.info('pick_started', { shipmentId: shipment.id, pickListId: list, bins: event.bins.length })
  }
}
