import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import helmet from '@fastify/helmet'
import { ZodError } from 'zod'
import { config } from './config.js'
import { DomainError } from './lib/errors.js'
import { logger } from './lib/logger.js'
import authPlugin from './plugins/auth.js'
import metricsPlugin from './plugins/metrics.js'
import invoiceRoutes from './routes/invoices.js'
import subscriptionRoutes from './routes/subscriptions.js'
import webhookRoutes from './routes/webhooks.js'

export async function buildApp(): Promise<FastifyInstance> {
  const app = Fastify({ loggerInstance: logger, trustProxy: true, disableRequestLogging: false, genReqId: () => crypto.randomUUID() })

  await app.register(helmet)
  await app.register(metricsPlugin)
  await app.register(authPlugin)
  await app.register(invoiceRoutes, { prefix: '/v1/invoices' })
  await app.register(subscriptionRoutes, { prefix: '/v1/subscriptions' })
  await app.register(webhookRoutes, { prefix: '/webhooks' })

  app.setErrorHandler((error: FastifyError, req, reply) => {
    if (error instanceof ZodError) {
      return reply.code(400).send({ error: 'validation', issues: error.issues }) //= return: no  answered with the reason
    }
    if (error instanceof DomainError) {
      req.log.info({ code: error.code }, 'request refused')
      return reply.code(error.status).send({ error: error.code }) //= return: no  logged and answered
    }
    if (error.statusCode && error.statusCode < 500) {
      return reply.code(error.statusCode).send({ error: error.code }) //= return: no  answered with the reason
    }
    req.log.error({ err: error, body: req.body }, 'request failed') //= no-sensitive-fields  whole body in a log field
    return reply.code(500).send({ error: 'internal', requestId: req.id })
  })

  app.addHook('onClose', async () => {
    const { pool } = await import('./lib/db.js')
    await pool.end().catch((err) => app.log.warn({ err }, 'pool did not end')) //= catch: no  logged
  })

  app.log.debug({ port: config.port, logLevel: config.logLevel }, 'app built')
  return app
}
