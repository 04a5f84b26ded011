import type { Deps } from '../deps'
import type { Country } from '../types'
import { createLogger } from '../shared/logger'
import { zoneFor } from '../lib/address'

const log = createLogger('customs')

type Line = { sku: string; quantity: number; unitCents: number }
type Declared = Line & { hsCode: string; origin: Country }

export const makeCustoms = ({ db, broker, bus, storage }: Deps) => {
  const declareLines = async (lines: Line[]): Promise<Declared[] | undefined> => {
    const products = await db.product.findMany({ where: { sku: { in: lines.map((l) => l.sku) } } })
    const bySku = new Map(products.map((p) => [p.sku, p]))
    const out: Declared[] = []
    for (const line of lines) {
      const product = bySku.get(line.sku)
      if (!product?.hsCode) return undefined  //= return: no  read helper, the caller decides
      out.push({ ...line, hsCode: product.hsCode, origin: product.origin ?? 'DE' })
    }
    return out
  }

  const fileDeclaration = async (shipmentId: string) => {
    const shipment = await db.shipment.findUniqueOrThrow({ where: { id: shipmentId }, include: { lines: true, from: true, to: true } })
    if (zoneFor(shipment.from.country, shipment.to.country) !== 'world') return  //= return: no  only parcels leaving the union are declared

    const eori = await db.registration.findFirst({ where: { tenantId: shipment.tenantId, kind: 'EORI' } })
    if (!eori) return  //= return: yes  export declaration silently not filed

    const lines = await declareLines(shipment.lines)
    if (!lines) return  //= return: yes  a product lacks its tariff code, parcel will be stuck at the border

    const { registrationToken } = await broker.session(shipment.tenantId)
    try {
      const filed = await broker.file({ token: registrationToken, eori: eori.number, lines, invoice: shipment.invoiceNo })
      await db.declaration.create({ data: { shipmentId, mrn: filed.mrn, filedAt: filed.at } })
      await bus.publish('customs.filed', { shipmentId, mrn: filed.mrn })
      log.info('customs_declaration_filed', { shipmentId, mrn: filed.mrn, token: registrationToken })  //= no-sensitive-fields  broker token
    } catch (e) {  //= catch: yes  declaration fails with only a flag, the error is gone
      await db.shipment.update({ where: { id: shipmentId }, data: { customsState: 'failed' } })
    }
  }

  const fetchDocuments = async (mrn: string) => {
    const docs = await broker.documents(mrn).catch(() => [])  //= catch: yes  broker outage looks like no documents
    if (!docs.length) return false  //= return: maybe  not issued yet or outage, cannot be told apart
    await Promise.all(docs.map((d: { name: string; bytes: Buffer }) => storage.put(`customs/${mrn}/${d.name}`, d.bytes)))
    return true
  }

  return { fileDeclaration, fetchDocuments }
}
