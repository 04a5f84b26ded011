import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { enter } from '../context/scope.js'
import { Endpoints, type EndpointOptions } from '../http/endpoints.js'
import { observe } from '../http/observe.js'
import { answerFailure } from '../http/failure.js'
import { ownListener } from '../http/servers.js'
import { statusOf } from '../http/status.js'

export type { EndpointOptions as ObserveHttpOptions } from '../http/endpoints.js'

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

/**
 * Observes a `node:http` request handler: request id in and out, context, one event at the end, metrics, health and
 * metrics endpoints; what the handler throws or rejects with becomes a safe answer, 500 or the error's own `status` or
 * `statusCode`. Name routes with `setRoute()`. Throws a TypeError for bad options.
 *
 * @example
 * createServer(observeHttp(async (req, res) => { setRoute('/things/:id'); res.end('ok') })).listen(3000)
 */
export function observeHttp(handler: Handler, options?: EndpointOptions): RequestListener {
  if (typeof handler !== 'function')
    throw new TypeError(`observeHttp(): the handler must be a function, got ${typeof handler}.`)
  const endpoints = new Endpoints(options)
  return ownListener((req, res) => {
    const endpoint = endpoints.match(req)
    if (endpoint !== undefined) return endpoints.answer(endpoint, req, res)
    const exchange = observe(req, res)
    const fail = (error: unknown): void => {
      exchange.fail(error)
      answerFailure(req, res, statusOf(error))
    }
    enter(exchange.scope, () => {
      try {
        const answered = handler(req, res)
        if (isThenable(answered)) answered.then(() => exchange.settled(), fail)
      } catch (error) {
        fail(error)
      }
    })
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
