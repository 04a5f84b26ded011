import type { Logger } from 'pino'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Database } from '../lib/database.js'
import type { FenceService } from '../geo/fences.js'
import type { TripService } from '../trips/trips.js'
import { attemptSync } from '../lib/result.js'
import { positionsStored } from '../lib/metrics.js'

const schema = z.object({ t: z.number(), lat: z.number(), lon: z.number(), spd: z.number().default(0), ign: z.boolean().optional() })

interface Deps {
  db: Kysely<Database>
  fences: FenceService
  trips: TripService
  log: Logger
}

export const makePositionHandler =
  ({ db, fences, trips, log }: Deps) =>
  async (deviceId: string, payload: Buffer): Promise<void> => {
    const parsed = schema.safeParse(attemptSync(() => JSON.parse(payload.toString())))
    if (!parsed.success) {
      log.warn({ deviceId, issues: parsed.error.issues }, 'position refused')
      return //= return: no  logged
    }
    const { t, lat, lon, spd, ign } = parsed.data
    const device = await db.selectFrom('devices').selectAll().where('id', '=', deviceId).executeTakeFirst()
    if (!device?.vehicle_id) return //= return: yes  positions of an unassigned device vanish, the typical support question

    const last = await db
      .selectFrom('positions')
      .selectAll()
      .where('vehicle_id', '=', device.vehicle_id)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
    const at = new Date(t * 1000)
    if (last && last.at >= at) return //= return: maybe  an older position is dropped: buffered devices do it daily, but a wrong clock looks the same
    if (last && spd === 0 && last.lat === lat && last.lon === lon) {
      await db.updateTable('positions').set({ seen_at: at }).where('id', '=', last.id).execute()
      return //= return: no  branch done
    }

    await db.insertInto('positions').values({ vehicle_id: device.vehicle_id, at, lat, lon, speed: spd }).execute()
    positionsStored.inc({ model: device.model, vehicle: device.vehicle_id }) //= bounded-labels  vehicle id as a label value
    await fences.check(device.vehicle_id, { lat, lon }, at)
    if (ign === undefined) return //= return: no  the device has no ignition line, optional field
    await trips.onIgnition(device.vehicle_id, ign, at)
  }
