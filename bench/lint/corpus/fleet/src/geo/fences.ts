import type { Kysely } from 'kysely'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Database, FenceRow } from '../lib/database.js'
import type { AlertService } from '../alerts/alerts.js'
import { contains, type Point } from './polygon.js'

export interface FenceService {
  check(vehicleId: string, point: Point, at: Date): Promise<void>
  forget(fenceId: string): Promise<void>
}

interface Deps {
  db: Kysely<Database>
  redis: Redis
  alerts: AlertService
  log: Logger
}

export function makeFences({ db, redis, alerts, log }: Deps): FenceService {
  async function fencesOf(vehicleId: string): Promise<FenceRow[]> {
    const cached = await redis.get(`fences:${vehicleId}`)
    if (cached) return JSON.parse(cached) //= return: no  cache hit
    const rows = await db
      .selectFrom('fences')
      .innerJoin('fence_vehicles', 'fence_vehicles.fence_id', 'fences.id')
      .selectAll('fences')
      .where('vehicle_id', '=', vehicleId)
      .execute()
    await redis.set(`fences:${vehicleId}`, JSON.stringify(rows), 'EX', 120).catch(() => {}) //= catch: yes  Redis failures stay unseen while every position hits the database
    return rows
  }

  function isQuiet(fence: FenceRow, at: Date): boolean {
    if (!fence.quiet_from || !fence.quiet_to) return false //= return: no  predicate
    const hour = at.getUTCHours()
    return hour >= fence.quiet_from && hour < fence.quiet_to
  }

  async function cross(fence: FenceRow, vehicleId: string, inside: boolean, at: Date): Promise<void> {
    const key = `inside:${fence.id}:${vehicleId}`
    const before = await redis.getset(key, inside ? '1' : '0')
    if (before === null) return //= return: no  first sight, there is no crossing yet
    if ((before === '1') === inside) return //= return: no  unchanged
    await db.insertInto('crossings').values({ fence_id: fence.id, vehicle_id: vehicleId, inside, at }).execute()
    if (fence.direction !== 'both' && (fence.direction === 'in') !== inside) return //= return: no  type filter by direction
    if (isQuiet(fence, at)) return //= return: yes  no alert in quiet hours, the owner asks why the theft alarm was silent
    await alerts.raise({ kind: inside ? 'fence_in' : 'fence_out', vehicleId, fenceId: fence.id, at })
  }

  return {
    async check(vehicleId, point, at) {
      const fences = await fencesOf(vehicleId)
      if (fences.length === 0) return //= return: no  nothing to do
      for (const fence of fences) {
        try {
          await cross(fence, vehicleId, contains(fence.shape, point), at)
        } catch (error) { //= catch: no  logged
          log.error({ err: error, fenceId: fence.id, vehicleId }, 'fence check failed')
        }
      }
    },

    async forget(fenceId) {
      const vehicles = await db.selectFrom('fence_vehicles').select('vehicle_id').where('fence_id', '=', fenceId).execute()
      if (!vehicles.length) return //= return: no  nothing to do
      await redis.del(...vehicles.map((row) => `fences:${row.vehicle_id}`))
    },
  }
}
