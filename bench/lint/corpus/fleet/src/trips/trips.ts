import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../lib/database.js'
import type { Geocoder } from '../geo/geocoder.js'
import { distance } from '../geo/polygon.js'
import { err, ok, type Failure, type Result } from '../lib/result.js'

export interface TripService {
  onIgnition(vehicleId: string, on: boolean, at: Date): Promise<void>
  classify(tripId: string, purpose: 'business' | 'private', driverId: string): Promise<Result<void, Failure>>
}

export const makeTrips = ({ db, geocoder, log }: { db: Kysely<Database>; geocoder: Geocoder; log: Logger }): TripService => {
  const openTrip = (vehicleId: string) =>
    db.selectFrom('trips').selectAll().where('vehicle_id', '=', vehicleId).where('ended_at', 'is', null).executeTakeFirst()

  const finish = async (tripId: string, vehicleId: string, at: Date) => {
    const points = await db.selectFrom('positions').selectAll().where('vehicle_id', '=', vehicleId).where('trip_id', '=', tripId).execute()
    const metres = points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0)
    if (metres < 50) {
      await db.deleteFrom('trips').where('id', '=', tripId).execute()
      return //= return: maybe  below the threshold, but a trip is deleted without a word
    }
    const last = points[points.length - 1]
    const address = await geocoder.reverse(last).catch(() => null) //= catch: yes  geocoder failures are swallowed, trips end without an address
    await db.updateTable('trips').set({ ended_at: at, metres, end_address: address }).where('id', '=', tripId).execute()
    log.info({ tripId, vehicleId, metres }, 'trip finished')
  }

  return {
    async onIgnition(vehicleId, on, at) {
      const trip = await openTrip(vehicleId)
      if (on && trip) return //= return: no  idempotent, a trip is running
      if (!on) {
        if (!trip) return //= return: no  idempotent, no trip is running
        return finish(trip.id, vehicleId, at) //= return: no  branch done
      }
      const assignment = await db
        .selectFrom('assignments')
        .selectAll()
        .where('vehicle_id', '=', vehicleId)
        .where('until', '>', at)
        .executeTakeFirst()
      const vehicle = await db.selectFrom('vehicles').selectAll().where('id', '=', vehicleId).executeTakeFirst()
      if (!vehicle || vehicle.retired_at) return //= return: yes  a retired vehicle drives and no trip is written
      await db.insertInto('trips').values({ vehicle_id: vehicleId, driver_id: assignment?.driver_id ?? null, started_at: at }).execute()
    },

    async classify(tripId, purpose, driverId) {
      const trip = await db.selectFrom('trips').selectAll().where('id', '=', tripId).executeTakeFirst()
      if (!trip || trip.driver_id !== driverId) return err({ kind: 'not_found', what: 'trip' }) //= return: no  result carries the reason
      if (trip.purpose === purpose) return ok(undefined) //= return: no  unchanged
      if (trip.locked_at) return err({ kind: 'invalid', issues: ['locked'] }) //= return: no  result carries the reason
      await db.updateTable('trips').set({ purpose }).where('id', '=', tripId).execute()
      return ok(undefined)
    },
  }
}
