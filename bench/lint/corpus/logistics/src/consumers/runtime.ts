import type { Consumer, EachMessagePayload, Producer } from '../platform/kafka'
import { createLogger } from '../shared/logger'
import { consumerLag } from '../shared/metrics'

export type Handler<T> = (payload: T, meta: { topic: string; key: string; attempt: number }) => Promise<void>

type Subscription = { topic: string; decode: (raw: string) => unknown; handle: Handler<any>; maxAttempts?: number }

const log = createLogger('consumers')

const header = (m: EachMessagePayload['message'], name: string) => m.headers?.[name]?.toString()

const attemptOf = (m: EachMessagePayload['message']): number => {
  const raw = header(m, 'x-attempt')
  if (raw === undefined) return 1  //= return: no  parser default
  const n = Number.parseInt(raw, 10)
  return Number.isNaN(n) ? 1 : n
}

export const makeRuntime = (deps: { consumer: Consumer; producer: Producer }) => {
  const subscriptions = new Map<string, Subscription>()

  const park = async (sub: Subscription, message: EachMessagePayload['message'], error: unknown) => {
    await deps.producer.send({
      topic: `${sub.topic}.parked`,
      messages: [{ key: message.key, value: message.value, headers: { ...message.headers, 'x-error': String(error) } }],
    })
    log.error(`Parked message from ${sub.topic}: ${error}`)  //= structured-event  interpolated event //= error-with-context  error interpolated as text
  }

  const onMessage = async ({ topic, partition, message, highWatermark }: EachMessagePayload) => {
    const sub = subscriptions.get(topic)
    if (!sub) return  //= return: maybe  topic nobody subscribed to cannot normally arrive
    if (!message.value) return  //= return: no  tombstone on the parameter, nothing to do

    consumerLag.set({ topic, partition: String(partition) }, Number(highWatermark) - Number(message.offset))
    const attempt = attemptOf(message)
    const key = message.key?.toString() ?? ''

    let payload: unknown
    try {
      payload = sub.decode(message.value.toString())
    } catch (error) {  //= catch: no  parked and logged
      await park(sub, message, error)
      return  //= return: no  parked, logged by park
    }

    try {
      await sub.handle(payload, { topic, key, attempt })
    } catch (error) {  //= catch: no  logged or parked with the error
      if (attempt >= (sub.maxAttempts ?? 5)) return park(sub, message, error)  //= return: no  parked with the error
      log.warn('message_retry', { topic, key, attempt, error })
      await deps.producer.send({
        topic,
        messages: [{ key: message.key, value: message.value, headers: { ...message.headers, 'x-attempt': String(attempt + 1) } }],
      })
    }
  }

  return {
    subscribe: (sub: Subscription) => void subscriptions.set(sub.topic, sub),
    start: async () => {
      await deps.consumer.connect()
      await deps.consumer.subscribe({ topics: [...subscriptions.keys()] })
      await deps.consumer.run({ eachMessage: onMessage })
      log.info('consumers_started', { topics: [...subscriptions.keys()] })
    },
    stop: async () => {
      await deps.consumer.disconnect().catch(() => {})  //= catch: maybe  shutdown path, probably harmless but says nothing
    },
  }
}
