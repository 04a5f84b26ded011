import type { Deps } from '../deps'
import type { Manifest } from '../types'
import { createLogger } from '../shared/logger'

const log = createLogger('jobs.close-manifests')

const localHour = (at: Date, timeZone: string) =>
  Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hour12: false, timeZone }).format(at))

export const makeCloseManifests = ({ db, carriers, storage, locks, clock, mail }: Deps) => {
  const closeOne = async (manifest: Manifest) => {
    const carrier = carriers.get(manifest.carrier)
    if (!carrier.supportsManifests) return  //= return: no  capability filter, nothing to send

    const parcels = await db.shipment.findMany({
      where: { manifestId: manifest.id, status: { in: ['labelled', 'handed_over'] } },
      select: { trackingCode: true, weightGrams: true },
    })
    if (parcels.length === 0) {
      await db.manifest.delete({ where: { id: manifest.id } })
      return  //= return: no  branch done, empty manifest removed
    }

    const warehouse = await db.warehouse.findUnique({ where: { id: manifest.warehouseId } })
    if (!warehouse || warehouse.closedAt) return  //= return: yes  manifest with parcels stays open, carrier never told

    if (localHour(clock.now(), warehouse.timeZone) < warehouse.cutOffHour) return  //= return: no  not due yet, schedule filter

    let confirmation
    try {
      confirmation = await carrier.closeManifest(manifest.number, parcels)
    } catch (error) {  //= catch: no  logged and rethrown
      log.error('manifest_close_failed', { error, manifestId: manifest.id })  //= no-double-report  logged as an error and rethrown
      throw error
    }

    await db.manifest.update({ where: { id: manifest.id }, data: { closedAt: clock.now(), reference: confirmation.id } })
    try {
      await storage.put(`manifests/${manifest.id}.pdf`, Buffer.from(confirmation.pdf, 'base64'))
      if (warehouse.email) {
        await mail.send({ to: warehouse.email, template: 'manifest', attachments: [`manifests/${manifest.id}.pdf`] })
      }
    } catch {  //= catch: yes  driver's paper never arrives, no trace
      await db.manifest.update({ where: { id: manifest.id }, data: { documentMissing: true } })
    }
    log.info('manifest_closed', { manifestId: manifest.id, parcels: parcels.length, reference: confirmation.id })
  }

  return async (): Promise<{ closed: number; failed: number }> => {
    const lock = await locks.tryAcquire('close-manifests', { ttlSeconds: 600 })
    // another replica runs it
    if (!lock) return { closed: 0, failed: 0 }  //= return: no  reason in the comment

    let closed = 0
    let failed = 0
    try {
      for await (const manifest of db.manifest.stream({ where: { closedAt: null } })) {
        try {
          await closeOne(manifest)
          closed++
        } catch {  //= catch: yes  only counted; of its many errors just the carrier's was logged
          failed++
        }
      }
    } finally {
      await lock.release()
    }
    return { closed, failed }
  }
}
