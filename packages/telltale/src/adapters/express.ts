import type { IncomingMessage, ServerResponse } from 'node:http'
import { enter } from '../context/scope.js'
import { Endpoints, type EndpointOptions } from '../http/endpoints.js'
import type { Exchange } from '../http/exchange.js'
import { bindPrototypes, exchangeFor, observe } from '../http/observe.js'
import { answerFailure } from '../http/failure.js'
import { ownListener, recogniseListeners } from '../http/servers.js'
import { statusOf } from '../http/status.js'
import { type ExpressRequest, hasOwnMiddleware, hasOwnRoute, routeTemplate } from './express-routes.js'

export type { EndpointOptions as ObserveExpressOptions } from '../http/endpoints.js'

type Next = (error?: unknown) => void

/**
 * Express 5 middleware, the first one: request id in and out, context, one event at the end, metrics by route template,
 * health and metrics endpoints. Throws a TypeError for bad options.
 *
 * @example
 * app.use(observeExpress())
 */
export function observeExpress(
  options?: EndpointOptions,
): (req: IncomingMessage, res: ServerResponse, next: Next) => void {
  const endpoints = new Endpoints(options)
  recogniseListeners(hasOwnMiddleware)
  return ownListener((req, res, next) => {
    const endpoint = endpoints.match(req)
    if (endpoint !== undefined) {
      const path = req.url!.split('?', 1)[0]!
      if (!hasOwnRoute(req, path)) return endpoints.answer(endpoint, req, res)
      endpoints.sayShadowed(path)
    }
    const { app } = req as ExpressRequest
    if (app?.request !== undefined && app.response !== undefined) bindPrototypes(app.request, app.response)
    const exchange = observe(req, res)
    exchange.scope.refresh = routeLookup(req, exchange)
    enter(exchange.scope, next)
  })
}

/**
 * Express error middleware, the last one: what routes throw or reject with joins the end-of-request event, and the
 * client gets a safe answer without message or stack. Error handlers of your own go before it.
 *
 * @example
 * app.use(observeExpressErrors())
 */
export function observeExpressErrors(): (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: Next,
) => void {
  // Express knows error middleware by its four parameters.
  return (error, req, res, _next) => {
    exchangeFor(req)?.fail(error)
    answerFailure(req, res, statusOf(error))
  }
}

/** Express sets `req.route` when a route has matched, after the request began. */
function routeLookup(req: ExpressRequest, exchange: Exchange): () => void {
  let seen: unknown
  return () => {
    if (req.route === seen) return
    seen = req.route
    const template = routeTemplate(req)
    if (template !== undefined) exchange.route = template
  }
}
