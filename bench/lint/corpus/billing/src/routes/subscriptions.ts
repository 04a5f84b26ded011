import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { acquireIdempotencyKey, storeIdempotentResponse } from '../lib/idempotency.js'
import * as subscriptions from '../repositories/subscriptions.js'
import { cancelSubscription, changePlan, createSubscription } from '../services/subscriptions.js'

const Create = z.object({ planId: z.string(), quantity: z.number().int().positive().default(1), paymentMethodId: z.string() })
const Change = z.object({ planId: z.string(), prorate: z.boolean().default(true) })

type IdParams = { Params: { id: string } }

export default async function subscriptionRoutes(app: FastifyInstance) {
  app.post('/', async (req, reply) => {
    const key = req.headers['idempotency-key'] as string | undefined
    if (key) {
      const previous = await acquireIdempotencyKey(req.account!.id, key)
      if (previous?.response) {
        return reply.code(previous.status).header('idempotent-replayed', 'true').send(previous.response) //= return: no  idempotent replay, answered
      }
      if (previous) return reply.code(409).send({ error: 'in_progress' }) //= return: no  answered with the reason
    }

    const input = Create.parse(req.body)
    req.log.info({ accountId: req.account!.id, paymentMethodId: input.paymentMethodId, planId: input.planId }, 'creating subscription')
    const subscription = await createSubscription(req.account!.id, input)
    if (key) await storeIdempotentResponse(req.account!.id, key, 201, subscription)
    return reply.code(201).send(subscription)
  })

  app.patch<IdParams>('/:id/plan', async (req, reply) => {
    const subscription = await own(req, reply)
    if (!subscription) return reply //= return: no  own() has answered 404
    const { planId, prorate } = Change.parse(req.body)
    if (planId === subscription.planId) {
      return subscription //= return: no  nothing to change, the resource itself is the answer
    }
    return changePlan(subscription, planId, { prorate })
  })

  app.delete<IdParams>('/:id', async (req, reply) => {
    const subscription = await own(req, reply)
    if (!subscription) return //= return: no  own() has answered 404
    try {
      await cancelSubscription(subscription, { reason: 'requested' })
    } catch (error) { //= catch: no  logged, though with the whole headers
      req.log.error({ err: error, headers: req.headers, subscriptionId: subscription.id }, 'cancel failed') //= no-sensitive-fields  whole headers in a log field
      return reply.code(502).send({ error: 'provider_unavailable' }) //= return: no  answered with the reason
    }
    return reply.code(204).send()
  })
}

async function own(req: FastifyRequest<IdParams>, reply: FastifyReply) {
  const subscription = await subscriptions.find(req.params.id)
  if (subscription?.accountId !== req.account!.id) {
    await reply.code(404).send({ error: 'subscription_not_found' })
    return null //= return: no  answered with the reason
  }
  return subscription
}
