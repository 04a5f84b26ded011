import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { pinoOptions, requestContext, timeRequest } from './glue.mjs'
import { ready, saveAnswer } from './handle.mjs'

// Fastify's own request lines (incoming request, request completed) are its default and stay on.
const app = Fastify({ logger: pinoOptions, requestIdHeader: 'x-request-id', genReqId: () => randomUUID() })

// Declared, so that every request keeps the one shape that Fastify made for it.
app.decorateRequest('endTimer', null)
app.addHook('onRequest', (request, reply, done) => {
  reply.header('x-request-id', request.id)
  request.endTimer = timeRequest()
  requestContext.run({ request_id: request.id, method: request.method, path: request.url }, done)
})
app.addHook('onResponse', (request, reply, done) => {
  request.endTimer(request.method, request.routeOptions.url, reply.statusCode)
  done()
})

// pino takes the fields first and the event's name as its message.
const log = { info: (event, fields) => app.log.info(fields, event) }
app.post('/assessments/:id/answers', async (request) => saveAnswer(log, request.params.id, request.body))
await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server.address().port)
