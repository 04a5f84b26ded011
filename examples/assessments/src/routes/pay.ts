import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { bindContext, counter, getLogger } from 'telltale'
import { findAssessment } from '../assessment.js'
import { CURRENCIES, PaymentGatewayError, type Charge, type Charged } from '../payment-gateway.js'
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
      const payment_id = await openPayment(pool, assessment_id, request.body)
      let charged: Charged
      try {
        charged = await gateway.charge(request.body, payment_id)
        await pool.query('update payments set status = $2 where payment_id = $1', [payment_id, charged])
      } catch (error) {
        payments.inc({ status: 'failed' })
        // What is no answer of the gateway's is a failure of our own, logged and answered where all of them are.
        if (!(error instanceof PaymentGatewayError)) throw error
        log.exception('payment_failed', error)
        reply.code(502)
        return { error: 'payment_gateway_unavailable', request_id: request.id }
      }
      if (charged === 'declined') {
        payments.inc({ status: 'declined' })
        reply.code(402)
        return log.skip('payment_skipped', { reason: 'declined' }, { error: 'payment_declined' })
      }
      payments.inc({ status: 'success' })
      log.info('payment_completed', { payment_id })
      return { payment_id }
    },
  )
}

/**
 * Writes the payment down before the card is charged, and gives its id. Whether a try that failed has charged the card,
 * nobody knows: its row stays pending, and the next try takes its id along, so that the gateway never charges twice.
 */
async function openPayment(pool: Pool, assessmentId: string, { amount, currency }: Charge): Promise<string> {
  const { rows } = await pool.query<{ payment_id: string }>(
    `insert into payments (payment_id, assessment_id, amount, currency, status) values ($1, $2, $3, $4, 'pending')
     on conflict (assessment_id, amount, currency) where status = 'pending' do update set status = 'pending'
     returning payment_id`,
    [`p_${randomBytes(6).toString('hex')}`, assessmentId, amount, currency],
  )
  if (!rows[0]) throw new Error('the payment could not be written down')
  return rows[0].payment_id
}
