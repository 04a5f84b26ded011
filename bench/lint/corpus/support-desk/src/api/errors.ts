import * as Sentry from '@sentry/node'
import type { Context, Middleware, Next } from 'koa'
import { httpErrors } from '../metrics.js'
import { logFailure } from '../log.js'

interface HttpError extends Error {
  status?: number
  expose?: boolean
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500 //= return: no  pure helper
  const { status } = error as HttpError
  if (status && status >= 400 && status < 600) return status //= return: no  pure helper
  return 500
}

export const errors: Middleware = async (ctx: Context, next: Next) => {
  try {
    await next()
    if (ctx.status !== 404 || ctx.body) return //= return: no  answered by a route
    ctx.status = 404
    ctx.body = { error: 'no_such_route' }
  } catch (error) { //= catch: no  answered as a 4xx or logged
    const status = statusOf(error)
    ctx.status = status
    if (status < 500) {
      ctx.body = { error: (error as Error).message }
      return //= return: no  answered to the caller
    }
    httpErrors.inc({ route: ctx._matchedRoute?.toString() ?? 'none', message: (error as Error).message }) //= bounded-labels  error message as a label value
    logFailure('request_failed', error, { method: ctx.method, request: ctx.request.body }) //= no-sensitive-fields  whole body of the request
    ctx.body = { error: 'internal' }
  }
}

export const sentryScope: Middleware = async (ctx, next) => {
  const scope = Sentry.getCurrentScope()
  const agent = ctx.state.user
  if (!agent) return next() //= return: no  goes on
  scope.setTag('team', agent.teamId)
  await next()
}
