import type { FastifyBaseLogger } from 'fastify'
import { copyFields } from '../encode/copy.js'
import { isError } from '../errors/record.js'
import { isWanted } from '../log/capture/wanted.js'
import { critical, debug, error, info, levels, warning } from '../log/levels.js'
import { type Logger, loggerNamed } from '../log/logger.js'
import { type Call, readCall } from './pino-call.js'
import { lowestLevel, pinoName, raiseAt } from './pino-levels.js'

/** A Telltale logger that Fastify takes as its own, and that also understands pino's call forms. */
export type FastifyLogger = Logger & FastifyBaseLogger

/**
 * The logger for `Fastify({ loggerInstance: fastifyLogger() })`: `req.log` and `app.log` raise Telltale events, by
 * `log.info('event', { fields })` as by pino's `log.info({ fields }, 'text')`. Fastify's own two lines a request are left
 * out, since the end-of-request event says it all.
 */
export function fastifyLogger(name = 'app'): FastifyLogger {
  return wrap(loggerNamed(name))
}

function wrap(logger: Logger): FastifyLogger {
  const at =
    (level: number) =>
    (first: unknown, ...rest: unknown[]): void => {
      if (!isWanted(logger, levels[level]!)) return
      const call = read(first, rest)
      if (call !== undefined) raiseAt(level, logger, call.event, call.fields)
    }
  const self = {
    name: logger.name,
    debug: at(debug),
    trace: at(debug),
    info: at(info),
    warn: at(warning),
    warning: at(warning),
    error: at(error),
    fatal: at(critical),
    critical: at(critical),
    silent: (): void => undefined,
    exception: logger.exception.bind(logger),
    skip: logger.skip.bind(logger),
    isEnabled: logger.isEnabled.bind(logger),
    bind: (fields: object) => wrap(logger.bind(fields)),
    unbind: (...names: string[]) => wrap(logger.unbind(...names)),
    child: (bindings: object) => {
      // Fastify makes a child per request for its id alone; the context has it already.
      const { reqId: _reqId, ...kept } = copyFields(bindings)
      return Object.keys(kept).length === 0 ? self : wrap(logger.bind(kept))
    },
    get level(): string {
      return pinoName(lowestLevel(logger))
    },
    set level(_name: string) {
      // Fastify sets a route's logLevel here; levels are set by logger name in setup() or LOG_LEVEL.
    },
  }
  return self as unknown as FastifyLogger
}

const notFound = /^Route [A-Z]+:\S* not found$/
const listening = /^Server listening at (\S+)$/

/** As any call in pino's forms, but for what Fastify itself says. */
function read(first: unknown, rest: readonly unknown[]): Call | undefined {
  const [said] = rest
  if (typeof first === 'string') {
    if (rest.length > 0) return readCall(first, rest)
    // Fastify's own word on a 404, which the end-of-request event tells.
    if (notFound.test(first)) return undefined
    const url = listening.exec(first)?.[1]
    return url === undefined ? readCall(first, rest) : { event: 'server_listening', fields: { url } }
  }
  // Twice a request, so before anything is read or formatted.
  if (said === 'incoming request' && isRequest(memberOf(first, 'req'))) return undefined
  if (said === 'request completed' && isReply(memberOf(first, 'res'))) return undefined
  if (typeof first !== 'object' || first === null || isError(first)) return readCall(first, rest)
  const { req, res, ...fields } = copyFields(first)
  if (isFastifysOwn({ res, err: fields['err'] }, said)) return undefined
  // Of Fastify's own request and reply the context has what a line needs; anything else by these names is the app's.
  if (req !== undefined && !isRequest(req)) fields['req'] = req
  if (res !== undefined && !isReply(res)) fields['res'] = res
  return readCall(fields, rest)
}

// The end-of-request event says each of these, with what went wrong.
const ownTexts: ReadonlySet<unknown> = new Set(['request errored', 'stream closed prematurely'])

/**
 * What Fastify says of each request, and its default error handler of an error: told by its own request and reply, so
 * that the like of it with Node's `res` is written.
 */
function isFastifysOwn({ res, err }: Record<string, unknown>, said: unknown): boolean {
  if (said === 'response terminated with an error with headers already sent') return err !== undefined
  if (!isReply(res)) return false
  return ownTexts.has(said) || (err !== undefined && said === memberOf(err, 'message'))
}

function isRequest(value: unknown): boolean {
  return has(value, 'raw') && has(value, 'routeOptions')
}

function isReply(value: unknown): boolean {
  return has(value, 'raw') && has(value, 'request')
}

function has(value: unknown, name: string): boolean {
  try {
    return typeof value === 'object' && value !== null && name in value
  } catch {
    return false
  }
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name]
  } catch {
    return undefined
  }
}
