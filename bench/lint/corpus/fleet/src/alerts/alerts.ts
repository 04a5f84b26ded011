import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { AlertRow, Database } from '../lib/database.js'
import type { Channels } from './channels.js'
import { err, ok, type Failure, type Result } from '../lib/result.js'

export interface NewAlert {
  kind: 'fence_in' | 'fence_out' | 'speeding' | 'fault' | 'battery'
  vehicleId: string
  fenceId?: string
  at: Date
  detail?: Record<string, unknown>
}

export interface AlertService {
  raise(alert: NewAlert): Promise<Result<AlertRow | undefined, Failure>>
  acknowledge(alertId: string, userId: string): Promise<Result<AlertRow, Failure>>
}

export function makeAlerts(deps: { db: Kysely<Database>; channels: Channels; log: Logger }): AlertService {
  const { db, channels, log } = deps

  return {
    async raise(alert) {
      const rule = await db
        .selectFrom('alert_rules')
        .selectAll()
        .where('kind', '=', alert.kind)
        .where('vehicle_id', '=', alert.vehicleId)
        .executeTakeFirst()
      if (!rule) return ok(undefined) //= return: no  no rule set up for the vehicle, an optional feature
      if (rule.muted_until && rule.muted_until > alert.at) return ok(undefined) //= return: yes  a muted rule eats the alert, asked about after every incident
      const open = await db
        .selectFrom('alerts')
        .selectAll()
        .where('rule_id', '=', rule.id)
        .where('acknowledged_at', 'is', null)
        .executeTakeFirst()
      if (open) {
        await db.updateTable('alerts').set({ repeats: open.repeats + 1 }).where('id', '=', open.id).execute()
        return ok(open) //= return: no  branch done, folded into the open alert
      }
      const row = await db
        .insertInto('alerts')
        .values({ rule_id: rule.id, kind: alert.kind, vehicle_id: alert.vehicleId, at: alert.at, repeats: 0 })
        .returningAll()
        .executeTakeFirstOrThrow()
      const recipients = await db.selectFrom('rule_recipients').selectAll().where('rule_id', '=', rule.id).execute()
      if (recipients.length === 0) return ok(row) //= return: yes  an alert that reaches nobody, without a word
      await Promise.all(
        recipients.map((recipient) =>
          channels.send(recipient, row).catch((error) => { //= catch: no  logged
            log.error({ err: error, alertId: row.id, channel: recipient.channel }, 'alert not delivered')
          }),
        ),
      )
      return ok(row)
    },

    async acknowledge(alertId, userId) {
      const alert = await db.selectFrom('alerts').selectAll().where('id', '=', alertId).executeTakeFirst()
      if (!alert) return err({ kind: 'not_found', what: 'alert' }) //= return: no  result carries the reason
      if (alert.acknowledged_at) return ok(alert) //= return: no  idempotent
      const updated = await db
        .updateTable('alerts')
        .set({ acknowledged_at: new Date(), acknowledged_by: userId })
        .where('id', '=', alertId)
        .returningAll()
        .executeTakeFirstOrThrow()
      log.info({ alertId, userId }, 'alert acknowledged')
      return ok(updated)
    },
  }
}
