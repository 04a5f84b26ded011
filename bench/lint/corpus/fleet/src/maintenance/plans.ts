import { addMonths, differenceInDays } from 'date-fns'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database, PlanRow } from '../lib/database.js'
import type { Mailer } from '../lib/mailer.js'
import type { WorkshopClient } from './workshop.js'
import { andThen, attempt, err, ok, type Failure, type Result } from '../lib/result.js'

interface Deps {
  db: Kysely<Database>
  mailer: Mailer
  workshop: WorkshopClient
  log: Logger
}

export function dueIn(plan: PlanRow, odometer: number, now: Date): number {
  const byDate = differenceInDays(addMonths(plan.last_done_at, plan.every_months), now)
  if (!plan.every_km) return byDate //= return: no  pure function
  const left = plan.last_done_km + plan.every_km - odometer
  if (left <= 0) return 0 //= return: no  pure function
  return Math.min(byDate, Math.round(left / plan.km_per_day))
}

export async function remind(deps: Deps, plan: PlanRow, now: Date): Promise<void> {
  const { db, mailer, log } = deps
  const vehicle = await db.selectFrom('vehicles').selectAll().where('id', '=', plan.vehicle_id).executeTakeFirst()
  if (!vehicle) return //= return: yes  a plan without a vehicle is passed over for ever
  const days = dueIn(plan, vehicle.odometer, now)
  if (days > 21) return //= return: no  threshold not reached
  const appointment = await db.selectFrom('appointments').selectAll().where('plan_id', '=', plan.id).where('at', '>', now).executeTakeFirst()
  if (appointment) return //= return: no  appointment made, filter by state
  const manager = await db.selectFrom('users').selectAll().where('id', '=', vehicle.manager_id).executeTakeFirst()
  if (!manager?.email) return //= return: yes  an overdue service is told to nobody
  await mailer.send(manager.email, 'service-due', { plate: vehicle.plate, days })
  await db.updateTable('plans').set({ reminded_at: now }).where('id', '=', plan.id).execute()
  log.debug({ planId: plan.id, days }, 'reminder sent')
}

export async function book(deps: Deps, planId: string, slot: string): Promise<Result<string, Failure>> {
  const plan = await deps.db.selectFrom('plans').selectAll().where('id', '=', planId).executeTakeFirst()
  if (!plan) return err({ kind: 'not_found', what: 'plan' }) //= return: no  result carries the reason
  const offer = await attempt(() => deps.workshop.reserve(plan.workshop_id, slot))
  return andThen(offer, async ({ reference, at }) => {
    if (at < new Date()) return err<Failure>({ kind: 'invalid', issues: ['slot_in_the_past'] }) //= return: no  result carries the reason
    await deps.db.insertInto('appointments').values({ plan_id: planId, reference, at }).execute()
    return ok(reference)
  })
}

export async function cancelAll(deps: Deps, vehicleId: string): Promise<number> {
  const open = await deps.db.selectFrom('appointments').selectAll().where('vehicle_id', '=', vehicleId).execute()
  let cancelled = 0
  for (const { id, reference } of open) {
    const result = await attempt(() => deps.workshop.cancel(reference))
    if (!result.ok) {
      deps.log.warn({ err: result.error, vehicleId, reference }, 'workshop did not cancel')
      continue
    }
    await deps.db.deleteFrom('appointments').where('id', '=', id).execute()
    cancelled += 1
  }
  return cancelled
}
