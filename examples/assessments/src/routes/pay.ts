import type { FastifyInstance } from 'fastify'
import { bindContext, counter, getLogger } from 'telltale'
import { findAssessment } from '../assessment.js'
import { CURRENCIES, type Charge, type Charged } from '../payment-gateway.js'
import type { Services } from './services.js'

const log = getLogger('payments')
const payments = counter('payments_total', {
  help: 'Payments by outcome.',
  labels: { status: ['success', 'declined', 'failed'] },
})

const body = {
  type: 'object',
  required: ['amount', 'currency', 'card_number', 'cvv'],
  properties: {
    amount: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    currency: { type: 'string', enum: CURRENCIES },
    card_number: { type: 'string', pattern: '^[0-9][0-9 -]{11,22}$' },
    cvv: { type: 'string', pattern: '^[0-9]{3,4}$' },
  },
}

export function pay(app: FastifyInstance, { pool, gateway }: Services): void {
  app.post<{ Params: { id: string }; Body: Charge }>(
    '/assessments/:id/pay',
    { schema: { body } },
    async (request, reply) => {
      const assessment_id = request.params.id
      const { amount, currency } = request.body
      bindContext({ assessment_id, amount, currency })
      if (!(await findAssessment(pool, assessment_id))) {
        reply.code(404)
        return log.skip(
          'payment_skipped',
          { reason: 'assessment_not_found' },
          { error: 'assessment_not_found' },
        )
      }
      let charged: Charged
      try {
        charged = await gateway.charge(request.body)
      } catch (error) {
        payments.inc({ status: 'failed' })
        log.exception('payment_failed', error)
        reply.code(502)
        return { error: 'payment_gateway_unavailable', request_id: request.id }
      }
      if (charged.status === 'declined') {
        payments.inc({ status: 'declined' })
        reply.code(402)
        return log.skip('payment_skipped', { reason: 'declined' }, { error: 'payment_declined' })
      }
      const { payment_id } = charged
      await pool.query(
        'insert into payments (payment_id, assessment_id, amount, currency) values ($1, $2, $3, $4)',
        [payment_id, assessment_id, amount, currency],
      )
      payments.inc({ status: 'success' })
      log.info('payment_completed', { payment_id })
      return { payment_id }
    },
  )
}
