import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { enter } from '../context/scope.js'
import { Endpoints, type EndpointOptions } from '../http/endpoints.js'
import { exchangeFor, observe, requestIdHeader } from '../http/observe.js'
import { failureBody } from '../http/failure.js'
import { pathOf } from '../http/path.js'
import { rememberServer } from '../http/servers.js'
import { statusOf } from '../http/status.js'
import { onShutdown } from '../lifecycle/hooks.js'

import type { FastifyLogger } from './fastify-logger.js'

/**
 * What `Fastify({ loggerInstance: fastifyLogger() })` returns, for annotations: Fastify's plain `FastifyInstance` stands
 * for its own logger type, and an instance with another one does not assign to it.
 */
export type TelltaleFastify = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyLogger
>

export { fastifyLogger, type FastifyLogger } from './fastify-logger.js'
export type { EndpointOptions as ObserveFastifyOptions } from '../http/endpoints.js'

/**
 * Fastify 5 plugin, the first one registered: request id in and out (also `request.id`), context, one event at the end,
 * metrics by route template, health and metrics endpoints, safe 500 bodies, and a drain that ends with `app.close()`.
 * Rejects for bad options.
 *
 * @example
 * await app.register(observeFastify)
 */
export async function observeFastify(app: FastifyInstance, options: EndpointOptions = {}): Promise<void> {
  const endpoints = new Endpoints(options)

  // The server's own event also brings what Fastify answers without hooks: malformed URLs, parameters too long.
  app.server.prependListener('request', (req, res) => {
    if (endpoints.match(req) === undefined) observe(req, res)
  })
  rememberServer(app.server)

  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    const begun = exchangeFor(raw)
    const endpoint = begun === undefined ? endpoints.match(raw) : undefined
    if (endpoint !== undefined && !isOwnRoute(request)) {
      reply.hijack()
      return endpoints.answer(endpoint, raw, reply.raw)
    }
    const exchange = begun ?? observe(raw, reply.raw)
    if (!request.is404) exchange.route = request.routeOptions.url ?? '/'
    request.id = exchange.requestId
    reply.header(requestIdHeader, exchange.requestId)
    enter(exchange.scope, done)
  })
  app.addHook('onError', (request, _reply, error, done) => {
    exchangeFor(request.raw)?.fail(error)
    done()
  })
  app.addHook('onReady', (done) => {
    for (const path of endpoints.paths) {
      if (app.hasRoute({ method: 'GET', url: path })) endpoints.sayShadowed(path)
    }
    done()
  })
  if (app.errorHandler.name === 'defaultErrorHandler') answerErrors(app)

  const forget = onShutdown('fastify', () => app.close())
  app.addHook('onClose', (_app, done) => {
    forget()
    done()
  })
}

/** A route of the app's own on the very path; a wildcard that happens to cover it does not take it. */
function isOwnRoute(request: FastifyRequest): boolean {
  return !request.is404 && request.routeOptions.url === pathOf(request.raw.url)
}

// Without these Fastify would keep the hooks to the plugin's own routes.
Object.assign(observeFastify, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'telltale',
  [Symbol.for('plugin-meta')]: { name: 'telltale', fastify: '5.x' },
})

/** Fastify's own handler sends the error's message to the client; from 500 up ours sends none. */
function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = reply.statusCode >= 400 ? reply.statusCode : statusOf(error)
    if (status < 500) return reply.send(error)
    return reply.code(status).type('application/json; charset=utf-8').send(failureBody(request.raw, status))
  })
  // An error handler that the app sets later replaces this one; Fastify would warn of overriding it.
  const flag = Object.getOwnPropertySymbols(app).find(
    (symbol) => symbol.description === 'fastify.errorHandlerAlreadySet',
  )
  if (flag !== undefined) (app as unknown as Record<symbol, boolean>)[flag] = false
}
