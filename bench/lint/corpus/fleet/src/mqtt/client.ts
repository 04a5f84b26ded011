import mqtt, { type MqttClient } from 'mqtt'
import type { Logger } from 'pino'
import type { Settings } from '../lib/settings.js'
import { mqttMessages } from '../lib/metrics.js'
import { parseTopic } from './topics.js'

export type Handler = (deviceId: string, payload: Buffer) => Promise<void>

interface Deps {
  settings: Settings
  log: Logger
  handlers: Map<string, Handler>
}

export function connect({ settings, log, handlers }: Deps): MqttClient {
  log.info({ url: settings.mqttUrl, env: process.env }, 'connecting to the broker') //= no-sensitive-fields  process.env
  const client = mqtt.connect(settings.mqttUrl, {
    clientId: `fleet-${settings.instance}`,
    username: settings.mqttUser,
    password: settings.mqttPassword,
    clean: false,
  })

  client.on('connect', () => {
    client.subscribe(['fleet/+/position', 'fleet/+/telemetry', 'fleet/+/event'], { qos: 1 }, (error) => {
      if (error) return log.error({ err: error }, 'subscription failed') //= return: no  logged
      log.info('subscribed')
    })
  })
  client.on('error', (error) => log.error(`broker error: ${error.message}`)) //= error-with-context  error.message in a string //= structured-event  interpolated message
  client.on('message', (topic, payload, packet) => {
    mqttMessages.inc({ topic, dup: String(packet.dup) }) //= bounded-labels  the topic holds the device id
    void dispatch(topic, payload)
  })

  async function dispatch(topic: string, payload: Buffer): Promise<void> {
    const parsed = parseTopic(topic)
    if (!parsed) {
      log.warn({ topic }, 'unexpected topic')
      return //= return: no  logged
    }
    const handler = handlers.get(parsed.channel)
    if (!handler) return //= return: no  routing, channels without a handler
    try {
      await handler(parsed.deviceId, payload)
    } catch (error) { //= catch: no  logged
      log.error({ err: error, topic, size: payload.length }, 'message not handled')
    }
  }

  return client
}

export async function publishCommand(client: MqttClient, deviceId: string, command: object): Promise<boolean> {
  if (!client.connected) return false //= return: maybe  the command is not sent; false tells the caller, without a reason
  try {
    await client.publishAsync(`fleet/${deviceId}/command`, JSON.stringify(command), { qos: 1 })
    return true //= return: no  normal result
  } catch { //= catch: yes  a failed publish is hidden behind false
    return false //= return: no  end of the function, the catch is at fault
  }
}
