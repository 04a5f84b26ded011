import { gauge, histogram } from 'telltale'

export const CURRENCIES = ['EUR', 'USD', 'GBP'] as const

export interface Charge {
  amount: number
  currency: (typeof CURRENCIES)[number]
  card_number: string
  cvv: string
}
export type Charged = 'paid' | 'declined'

export interface PaymentGateway {
  /**
   * Throws a PaymentGatewayError when the gateway fails, or does not answer in time: then the card may be charged or
   * not, and asking again with the same key is safe.
   */
  charge(charge: Charge, idempotencyKey: string): Promise<Charged>
  isUp(): Promise<boolean>
}

export class PaymentGatewayError extends Error {
  override readonly name = 'PaymentGatewayError'
  constructor(
    readonly code: 'GATEWAY_FAILED' | 'GATEWAY_TIMEOUT' | 'GATEWAY_UNREACHABLE',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const chargeSeconds = histogram('payment_gateway_seconds', {
  help: 'Time the payment gateway took to answer, or to fail.',
  labels: { currency: CURRENCIES },
  native: true,
})
const charging = gauge('payment_gateway_charges_in_progress', {
  help: 'Charges that the payment gateway has not answered yet.',
})

/** The gateway at `url`, given up on after `timeoutMs`. */
export function createPaymentGateway(url: string, timeoutMs: number): PaymentGateway {
  const call = async (path: string, init?: RequestInit): Promise<{ status: number; text: string }> => {
    try {
      const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'TimeoutError') {
        throw new PaymentGatewayError('GATEWAY_TIMEOUT', `gateway did not answer within ${timeoutMs} ms`, {
          cause,
        })
      }
      throw new PaymentGatewayError('GATEWAY_UNREACHABLE', 'gateway could not be reached', { cause })
    }
  }

  const charge = async (body: Charge, key: string): Promise<Charged> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key }
    const { status, text } = await call('/charges', { method: 'POST', headers, body: JSON.stringify(body) })
    if (status === 402) return 'declined'
    if (status !== 200) throw new PaymentGatewayError('GATEWAY_FAILED', `gateway answered ${status}: ${text}`)
    return 'paid'
  }

  return {
    charge: (body, key) =>
      charging.track(() => chargeSeconds.time({ currency: body.currency }, () => charge(body, key))),
    isUp: async () => (await call('/health')).status === 200,
  }
}
