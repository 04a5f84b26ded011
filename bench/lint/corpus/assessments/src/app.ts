import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { getLogger } from 'telltale'
import { attemptRoutes } from './routes/attempts.js'
import { exportRoutes } from './routes/exports.js'
import { session, type Variables } from './middleware/session.js'
import { DomainError } from './errors.js'

const log = getLogger('app')

export function createApp(): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>()

  app.use('/api/*', session)
  app.route('/api/attempts', attemptRoutes)
  app.route('/api/exports', exportRoutes)

  app.notFound((c) => c.json({ error: 'not_found' }, 404))

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse() //= return: no  answered with the exception's response
    if (error instanceof DomainError) {
      return c.json({ error: error.code, details: error.details }, error.status) //= return: no  answered with a reason
    }
    if (error.name === 'AbortError') {
      // the client has gone, nobody reads the answer
      return c.body(null, 499 as never) //= return: no  reason comment
    }
    log.exception('request_crashed', error, { route: c.req.routePath, headers: c.req.header() }) //= no-sensitive-fields  all headers
    return c.json({ error: 'internal' }, 500)
  })

  return app
}
