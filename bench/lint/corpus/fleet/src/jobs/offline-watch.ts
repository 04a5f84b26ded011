import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../lib/database.js'
import type { AlertService } from '../alerts/alerts.js'
import type { MqttClient } from 'mqtt'
import { publishCommand } from '../mqtt/client.js'

const HOUR = 3_600_000

export class OfflineWatch {
  #timer?: NodeJS.Timeout

  constructor(
    private readonly db: Kysely<Database>,
    private readonly alerts: AlertService,
    private readonly mqtt: MqttClient,
    private readonly log: Logger,
  ) {}

  start = (every = HOUR): void => {
    if (this.#timer) return //= return: no  started before
    this.#timer = setInterval(() => {
      this.tick().catch((error) => { //= catch: no  logged, although by message
        this.log.error({ message: error.message }, 'offline watch failed') //= error-with-context  error.message alone
      })
    }, every)
    this.#timer.unref()
  }

  stop = (): void => clearInterval(this.#timer)

  private async tick(): Promise<void> {
    const silent = await this.db
      .selectFrom('devices')
      .selectAll()
      .where('seen_at', '<', new Date(Date.now() - 24 * HOUR))
      .execute()
    this.log.info(`offline watch: ${silent.length} silent devices`) //= structured-event  interpolated message
    for (const device of silent) await this.probe(device)
  }

  private async probe(device: { id: string; vehicle_id: string | null; model: string; probed_at: Date | null }): Promise<void> {
    if (!device.vehicle_id) return //= return: no  device in stock, filter on a parameter
    if (device.probed_at && Date.now() - device.probed_at.getTime() < 6 * HOUR) return //= return: no  throttle
    const vehicle = await this.db.selectFrom('vehicles').selectAll().where('id', '=', device.vehicle_id).executeTakeFirst()
    // parked for the winter, batteries are taken out
    if (vehicle?.seasonal) return //= return: no  commented with a reason
    const firmware = await this.db.selectFrom('firmware').selectAll().where('model', '=', device.model).executeTakeFirst()
    if (!firmware) return //= return: yes  a silent device is not probed and no alert raised for lack of a firmware row

    await publishCommand(this.mqtt, device.id, { type: 'ping', firmware: firmware.version })
    await this.db.updateTable('devices').set({ probed_at: new Date() }).where('id', '=', device.id).execute()
    const { failures } = await this.db.selectFrom('probes').select('failures').where('device_id', '=', device.id).executeTakeFirstOrThrow()
    if (failures < 3) return //= return: no  threshold not reached
    await this.alerts.raise({ kind: 'battery', vehicleId: device.vehicle_id, at: new Date() })
  }
}
