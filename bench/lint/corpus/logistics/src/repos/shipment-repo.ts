import type { PrismaClient } from '../platform/prisma'
import type { NewShipment, Shipment } from '../types'
import { createLogger } from '../shared/logger'

const log = createLogger('repos.shipment')

const UNIQUE_VIOLATION = 'P2002'

export const makeShipmentRepo = (db: PrismaClient) => {
  const find = async (id: string, tenantId: string): Promise<Shipment | null> => {
    const row = await db.shipment.findFirst({ where: { id, tenantId } })
    if (!row) return null  //= return: no  getter
    return { ...row, parcels: JSON.parse(row.parcels as string) }
  }

  const create = async (input: NewShipment): Promise<Shipment> => {
    try {
      const row = await db.shipment.create({ data: { ...input, orderId: input.order.id, parcels: JSON.stringify(input.parcels) } })
      return { ...row, parcels: input.parcels }  //= return: no  result returned
    } catch (e: any) {  //= catch: no  narrowed, rest rethrown
      if (e?.code !== UNIQUE_VIOLATION) throw e
      const row = await db.shipment.findFirstOrThrow({ where: { orderId: input.order.id } })
      return { ...row, parcels: JSON.parse(row.parcels) }  //= return: no  result returned
    }
  }

  const cancel = async (id: string, patch: Partial<Shipment>) => {
    try {
      await db.$transaction(async (tx: PrismaClient) => {
        await tx.shipment.update({ where: { id }, data: { ...patch, status: 'cancelled' } })
        await tx.pickupItem.deleteMany({ where: { shipmentId: id } })
      })
    } catch (e) {  //= catch: no  rethrown, though without the cause
      throw new Error(`Could not cancel shipment: ${(e as Error).message}`)  //= error-with-context  new Error without cause
    }
  }

  const byStatus = async (status: Shipment['status'], since?: Date) => {
    if (!since) return db.shipment.findMany({ where: { status }, take: 1000 })  //= return: no  query helper
    return db.shipment.findMany({ where: { status, statusAt: { gte: since } }, take: 1000 })
  }

  const remember = async (id: string, key: string, value: unknown) => {
    await db.shipmentMeta
      .upsert({ where: { id_key: { id, key } }, create: { id, key, value }, update: { value } })
      .catch((error: unknown) => log.warn('shipment_meta_not_saved', { error, shipmentId: id, key }))  //= catch: no  logged
  }

  return { find, create, cancel, byStatus, remember }
}
