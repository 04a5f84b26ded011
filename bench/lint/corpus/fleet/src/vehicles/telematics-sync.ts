import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { request } from 'undici'
import type { Database } from '../lib/database.js'
import type { Settings } from '../lib/settings.js'
import { syncRuns } from '../lib/metrics.js'

interface RemoteVehicle {
  vin: string
  odometer?: { value: number; unit: 'km' | 'mi' }
  fuel?: number
}

const toKm = (odometer: RemoteVehicle['odometer']): number | undefined => {
  if (!odometer) return undefined //= return: no  pure helper
  return odometer.unit === 'mi' ? Math.round(odometer.value * 1.609) : odometer.value
}

export function makeTelematicsSync({ db, settings, log }: { db: Kysely<Database>; settings: Settings; log: Logger }) {
  let token: { value: string; until: number } | undefined

  async function accessToken(): Promise<string> {
    if (token && token.until > Date.now()) return token.value //= return: no  cache hit
    const res = await request(`${settings.oemUrl}/oauth/token`, { method: 'POST', body: settings.oemCredentials })
    const body = (await res.body.json()) as { access_token: string; expires_in: number }
    log.debug({ accessToken: body.access_token, expiresIn: body.expires_in }, 'token renewed') //= no-sensitive-fields  the access token
    token = { value: body.access_token, until: Date.now() + body.expires_in * 900 }
    return token.value
  }

  async function fetchPage(page: number): Promise<RemoteVehicle[]> {
    const authorization = `Bearer ${await accessToken()}`
    const res = await request(`${settings.oemUrl}/vehicles?page=${page}`, { headers: { authorization } })
    if (res.statusCode === 204) return [] //= return: no  end of the pages
    return (await res.body.json()) as RemoteVehicle[]
  }

  async function apply(remote: RemoteVehicle): Promise<'updated' | 'unknown' | 'backwards'> {
    const vehicle = await db.selectFrom('vehicles').selectAll().where('vin', '=', remote.vin).executeTakeFirst()
    if (!vehicle) return 'unknown' //= return: no  result carries the reason
    const km = toKm(remote.odometer)
    if (km !== undefined && km < vehicle.odometer) return 'backwards' //= return: no  result carries the reason
    await db.updateTable('vehicles').set({ odometer: km, fuel: remote.fuel }).where('id', '=', vehicle.id).execute()
    return 'updated'
  }

  return async function sync(): Promise<void> {
    const lastRun = await db.selectFrom('sync_runs').selectAll().orderBy('started_at', 'desc').executeTakeFirst()
    if (lastRun && !lastRun.finished_at) return //= return: yes  a run that hangs blocks every later one, unseen
    const run = await db.insertInto('sync_runs').values({ started_at: new Date() }).returningAll().executeTakeFirstOrThrow()
    const counts = { updated: 0, unknown: 0, backwards: 0 }
    try {
      for (let page = 1; ; page++) {
        const vehicles = await fetchPage(page)
        if (vehicles.length === 0) break
        for (const vehicle of vehicles) counts[await apply(vehicle)]++
      }
      syncRuns.inc({ outcome: 'ok' })
    } catch (e) { //= catch: yes  counted only, the error is dropped
      syncRuns.inc({ outcome: 'failed' })
    }
    await db.updateTable('sync_runs').set({ finished_at: new Date(), counts: JSON.stringify(counts) }).where('id', '=', run.id).execute()
  }
}
