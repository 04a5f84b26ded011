import { randomUUID } from 'node:crypto'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { Deps } from '../deps'
import { createLogger, requestScope } from '../shared/logger'
import { countRequests, registry } from '../shared/metrics'
import { makeShipmentRoutes } from '../routes/shipments'
import { makeCarrierWebhooks } from '../routes/carrier-webhooks'

const log = createLogger('http')

const withScope: RequestHandler = (req, res, next) => {
  const requestId = req.header('x-request-id') ?? randomUUID()
  res.setHeader('x-request-id', requestId)
  requestScope.run({ requestId }, next)
}

const makeTenantGuard =
  (deps: Pick<Deps, 'tenants' | 'clock'>): RequestHandler =>
  async (req, res, next) => {
    const key = req.header('x-api-key')
    if (!key) return void res.status(401).json({ error: 'missing_api_key' })  //= return: no  answered with the reason

    try {
      const tenant = await deps.tenants.byApiKey(key)
      if (!tenant) {
        log.warn('api_key_unknown', { ip: req.ip, key })  //= no-sensitive-fields  the API key
        return void res.status(401).json({ error: 'unknown_api_key' })  //= return: no  logged and answered
      }
      if (tenant.suspendedAt && tenant.suspendedAt <= deps.clock.now()) {
        return void res.status(403).json({ error: 'tenant_suspended' })  //= return: no  answered with the reason
      }
      res.locals.tenant = tenant
      next()
    } catch (e) {  //= catch: no  passed to next
      next(e)
    }
  }

const onError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error)  //= return: no  passes the error on
  if (error?.type === 'entity.too.large') {
    return res.status(413).json({ error: 'payload_too_large' })  //= return: no  answered with the reason
  }
  log.error('request_failed', { error, method: req.method, route: req.route?.path, headers: req.headers })  //= no-sensitive-fields  whole headers
  res.status(500).json({ error: 'internal', requestId: requestScope.getStore()?.requestId })
}

export const makeApp = (deps: Deps) => {
  const app = express()
  app.disable('x-powered-by')
  app.use(withScope, countRequests)
  app.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics())
  })
  app.get('/health/ready', async (_req, res) => {
    const up = await deps.db.$queryRaw`select 1`.then(
      () => true,
      () => false,
    )
    res.status(up ? 200 : 503).json({ database: up })
  })
  // webhooks verify a signature over the raw bytes, so they come before the JSON parser
  app.use('/webhooks', makeCarrierWebhooks(deps))
  app.use(express.json({ limit: '256kb' }))
  app.use('/v1/shipments', makeTenantGuard(deps), makeShipmentRoutes(deps))
  app.use(onError)
  return app
}
