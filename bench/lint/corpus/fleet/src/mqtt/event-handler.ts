import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { MqttClient } from 'mqtt'
import type { Database } from '../lib/database.js'
import type { AlertService } from '../alerts/alerts.js'
import { attempt, attemptSync } from '../lib/result.js'
import { publishCommand } from './client.js'
import { decodeFaults } from './topics.js'

type DeviceEvent =
  | { type: 'card'; card: string; t: number }
  | { type: 'faults'; raw: string }
  | { type: 'boot'; firmware: string }
  | { type: 'tow'; t: number }

interface Deps {
  db: Kysely<Database>
  mqtt: MqttClient
  alerts: AlertService
  log: Logger
}

export function makeEventHandler({ db, mqtt, alerts, log }: Deps) {
  const deviceOf = (id: string) => db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst()

  async function onCard(deviceId: string, card: string, at: Date): Promise<void> {
    const device = await deviceOf(deviceId)
    if (!device?.vehicle_id) return //= return: yes  a driver's card at an unassigned device starts no shift, silently
    const driver = await db.selectFrom('drivers').selectAll().where('card', '=', card).executeTakeFirst()
    if (!driver) {
      await publishCommand(mqtt, deviceId, { type: 'beep', pattern: 'refused' })
      return //= return: yes  the refused card is not written down, drivers will call
    }
    const shift = await db.selectFrom('shifts').selectAll().where('driver_id', '=', driver.id).where('ended_at', 'is', null).executeTakeFirst()
    if (shift?.vehicle_id === device.vehicle_id) return //= return: no  idempotent, the shift runs
    if (shift) await db.updateTable('shifts').set({ ended_at: at }).where('id', '=', shift.id).execute()
    await db.insertInto('shifts').values({ driver_id: driver.id, vehicle_id: device.vehicle_id, started_at: at }).execute()
  }

  async function onFaults(deviceId: string, raw: string): Promise<void> {
    const codes = decodeFaults(Buffer.from(raw, 'base64'))
    if (codes.length === 0) return //= return: no  nothing to do
    const device = await deviceOf(deviceId)
    const vehicleId = device?.vehicle_id
    if (!vehicleId) return //= return: yes  engine faults of an unassigned device are lost
    const known = await db.selectFrom('faults').select('code').where('vehicle_id', '=', vehicleId).execute()
    const fresh = codes.filter((code) => !known.some((row) => row.code === code))
    if (!fresh.length) return //= return: no  all known, unchanged
    await db.insertInto('faults').values(fresh.map((code) => ({ vehicle_id: vehicleId, code }))).execute()
    const raised = await attempt(() => alerts.raise({ kind: 'fault', vehicleId, at: new Date(), detail: { codes: fresh } }))
    if (!raised.ok) log.error({ err: raised.error, vehicleId }, 'fault alert not raised')
  }

  async function onBoot(deviceId: string, firmware: string): Promise<void> {
    await db.updateTable('devices').set({ firmware, booted_at: new Date() }).where('id', '=', deviceId).execute()
    const target = await db.selectFrom('rollouts').selectAll().where('from', '=', firmware).executeTakeFirst()
    if (!target) return //= return: no  no rollout for this version, optional feature
    if (target.paused) return //= return: no  filter by state of the rollout
    await publishCommand(mqtt, deviceId, { type: 'update', version: target.to }).catch((error) => { //= catch: no  logged, although concatenated
      log.warn('update not sent: ' + error) //= error-with-context  error concatenated to text //= structured-event  concatenated message
    })
  }

  return async (deviceId: string, payload: Buffer): Promise<void> => {
    const event = attemptSync(() => JSON.parse(payload.toString()) as DeviceEvent)
    if (!event) return //= return: yes  an unreadable event is dropped with no trace of the device
    switch (event.type) {
      case 'card':
        return onCard(deviceId, event.card, new Date(event.t * 1000)) //= return: no  dispatch
      case 'faults':
        return onFaults(deviceId, event.raw) //= return: no  dispatch
      case 'boot':
        return onBoot(deviceId, event.firmware) //= return: no  dispatch
      default:
        log.debug({ deviceId, type: event.type }, 'event ignored')
    }
  }
}
