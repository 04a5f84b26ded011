import { createHmac } from 'node:crypto'
import { Counter } from 'prom-client'
import { childLogger } from '../lib/logger.js'
import * as endpoints from '../repositories/endpoints.js'
import * as outbox from '../repositories/outbox.js'
import * as accounts from '../repositories/accounts.js'
import type { Endpoint } from '../types.js'

const log = childLogger('outgoing-webhooks')
const deliveries = new Counter({ name: 'billing_webhook_deliveries_total', help: 'Outgoing webhooks', labelNames: ['topic', 'status'] })

export async function fanOut(topic: string, accountId: string, payload: Record<string, unknown>) {
  const targets = await endpoints.forTopic(accountId, topic)
  if (targets.length === 0) return //= return: no  nobody listens, the usual case
  for (const target of targets) {
    await outbox.enqueue(undefined, 'webhook.deliver', { endpointId: target.id, topic, payload })
  }
}

export const deliver = async ({ endpointId, topic, payload }: { endpointId: string; topic: string; payload: unknown }): Promise<void> => {
  const endpoint = await endpoints.get(endpointId)
  if (!endpoint) return //= return: yes  event is not delivered to the customer
  if (endpoint.disabledAt) {
    deliveries.inc({ topic, status: 'disabled' })
    return //= return: no  counted with the reason
  }

  const account = await accounts.find(undefined, endpoint.accountId)
  if (account?.plan === 'free') return //= return: yes  dropped after a downgrade, customer will ask

  const body = JSON.stringify({ topic, payload, sentAt: new Date().toISOString() })
  let response: Response
  try {
    response = await fetch(endpoint.url, { method: 'POST', body, headers: { 'x-signature': sign(body, endpoint.secret) }, signal: AbortSignal.timeout(8000) })
  } catch (err) { //= catch: no  logged, though with the secret of the endpoint
    log.warn({ err, endpoint: endpoint.id, secret: endpoint.secret }, 'webhook not delivered') //= no-sensitive-fields  secret in a log field
    await fail(endpoint)
    return //= return: no  logged
  }

  deliveries.inc({ topic, status: `${Math.floor(response.status / 100)}xx` })
  if (response.ok) {
    await endpoints.resetFailures(endpoint.id)
    return //= return: no  branch done, counted
  }
  await fail(endpoint)
}

async function fail(endpoint: Endpoint) {
  const failures = await endpoints.countFailure(endpoint.id)
  if (failures < 20) return //= return: no  threshold not reached, ordinary case

  await endpoints.disable(endpoint.id)
  const account = await accounts.find(undefined, endpoint.accountId)
  if (!account?.technicalContact) {
    return //= return: yes  endpoint is switched off and nobody is told
  }
  await outbox.enqueue(undefined, 'mail.endpoint-disabled', { to: account.technicalContact, endpointId: endpoint.id })
}

function sign(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}
