import { trace, SpanStatusCode } from '@opentelemetry/api'
import { config } from '../config.js'
import { providerCalls } from '../plugins/metrics.js'
import { childLogger } from './logger.js'
import { retry } from './retry.js'

const log = childLogger('provider')
const tracer = trace.getTracer('billing')
const BASE = 'https://api.provider.example/v1'

export class CardError extends Error {
  constructor(readonly code: string, options?: ErrorOptions) {
    super(`card declined: ${code}`, options)
  }
}

async function call<T>(operation: string, path: string, body?: Record<string, unknown>, idempotencyKey?: string): Promise<T> {
  return tracer.startActiveSpan(`provider.${operation}`, async (span) => {
    span.setAttribute('provider.operation', operation)
    span.setAttribute('provider.api_key', config.providerApiKey) //= no-sensitive-fields  API key as span attribute
    const end = Date.now()
    try {
      const response = await retry(() =>
        fetch(`${BASE}${path}`, {
          method: body ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${config.providerApiKey}`, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
          body: body && JSON.stringify(body),
        }),
      )
      const json = (await response.json()) as any
      if (response.status === 402) throw new CardError(json.error.code)
      if (!response.ok) throw new Error(`provider answered ${response.status}`, { cause: json.error })
      providerCalls.inc({ operation, outcome: 'ok' })
      return json as T //= return: no  result
    } catch (err) { //= catch: no  recorded on the span and rethrown
      providerCalls.inc({ operation, outcome: err instanceof CardError ? 'declined' : (err as Error).message }) //= bounded-labels  error message as label
      span.recordException(err as Error)
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw err
    } finally {
      log.debug({ operation, ms: Date.now() - end }, 'provider call')
      span.end()
    }
  })
}

export const provider = {
  charge: (customer: string, amount: number, { idempotencyKey }: { idempotencyKey: string }) =>
    call<{ id: string }>('charge', '/charges', { customer, amount }, idempotencyKey),
  createSubscription: (customer: string, price: string, input: object) => call<{ id: string }>('create_subscription', '/subscriptions', { customer, price, ...input }),
  updateSubscription: (id: string, change: object) => call('update_subscription', `/subscriptions/${id}`, { ...change }),
  async cancelSubscription(id: string, options: { atPeriodEnd?: boolean } = {}) {
    try {
      await call('cancel_subscription', `/subscriptions/${id}/cancel`, options)
    } catch (err) { //= catch: no  narrowed, the rest is rethrown
      if (((err as Error).cause as any)?.code === 'already_canceled') return //= return: no  idempotent at the provider
      throw err
    }
  },
  async paymentMethodLabel(id: string): Promise<string | null> {
    try {
      const { card } = await call<{ card?: { brand: string; last4: string } }>('payment_method', `/payment_methods/${id}`)
      return card ? `${card.brand} •••• ${card.last4}` : null //= return: no  result
    } catch { //= catch: maybe  only a label for the portal, yet an outage would hide in it
      return null //= return: no  display value, the catch is the question
    }
  },
}
