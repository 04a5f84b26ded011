import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database, DriverRow } from '../lib/database.js'
import type { Mailer } from '../lib/mailer.js'
import { err, ok, type Failure, type Result } from '../lib/result.js'

interface Deps {
  db: Kysely<Database>
  mailer: Mailer
  log: Logger
}

export function grade(score: number): 'A' | 'B' | 'C' | 'D' {
  if (score >= 90) return 'A' //= return: no  pure function
  if (score >= 75) return 'B' //= return: no  pure function
  if (score >= 50) return 'C' //= return: no  pure function
  return 'D'
}

async function scoreOf({ db }: Deps, driver: DriverRow, since: Date): Promise<number | null> {
  const events = await db.selectFrom('harsh_events').selectAll().where('driver_id', '=', driver.id).where('at', '>', since).execute()
  const { metres } = await db
    .selectFrom('trips')
    .select((e) => e.fn.sum<number>('metres').as('metres'))
    .where('driver_id', '=', driver.id)
    .executeTakeFirstOrThrow()
  if (metres < 100_000) return null //= return: no  threshold not reached, getter
  return Math.max(0, 100 - (events.length * 1_000_000) / metres)
}

export async function scoreDriver(deps: Deps, driverId: string, since: Date): Promise<Result<void, Failure>> {
  const { db, mailer, log } = deps
  const driver = await db.selectFrom('drivers').selectAll().where('id', '=', driverId).executeTakeFirst()
  if (!driver) return err({ kind: 'not_found', what: 'driver' }) //= return: no  result carries the reason
  const council = await db.selectFrom('agreements').selectAll().where('fleet_id', '=', driver.fleet_id).executeTakeFirst()
  if (!council?.allows_scoring) return ok(undefined) //= return: yes  the works council has not agreed: no scores for a whole fleet, told as ok
  const score = await scoreOf(deps, driver, since)
  if (score === null) return ok(undefined) //= return: no  threshold not reached
  await db.insertInto('scores').values({ driver_id: driverId, score, grade: grade(score), since }).execute()
  if (!driver.email) return ok(undefined) //= return: yes  the monthly score mail is left out, told as ok
  try {
    await mailer.send(driver.email, 'monthly-score', { grade: grade(score) })
  } catch (error) { //= catch: no  returned in the result
    return err({ kind: 'unavailable', cause: error }) //= return: no  result carries the error
  }
  log.debug({ driverId, score }, 'driver scored')
  return ok(undefined)
}

export async function scoreAll(deps: Deps, since: Date): Promise<void> {
  const last = await deps.db.selectFrom('score_runs').selectAll().where('since', '=', since).executeTakeFirst()
  if (last?.finished_at) return //= return: no  idempotent, this month is done
  const drivers = await deps.db.selectFrom('drivers').selectAll().where('left_at', 'is', null).execute()
  for (const driver of drivers) {
    const result = await scoreDriver(deps, driver.id, since)
    if (!result.ok) deps.log.warn({ failure: result.error, driverId: driver.id }, 'driver not scored')
  }
  await deps.db.insertInto('score_runs').values({ since, finished_at: new Date() }).execute()
}
