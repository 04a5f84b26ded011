import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { importOf, variableOf } from '../ast/bindings.js'
import { pathOf, wordsOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import type { Settings, Wrapper } from '../settings.js'
import { known, type Known } from './known.js'

/** How a call tells what happened. */
export interface Signal {
  readonly kind: 'log' | 'report' | 'metric' | 'span'
  /** Of a log call: the method, as it is written. */
  readonly method: string
  /** The module that it is known to come from, `console`, or undefined where its name alone tells. */
  readonly source: string | undefined
  readonly call: TSESTree.CallExpression
  /** Where a wrapper has them. */
  readonly wrapper?: Wrapper
  /** A function that comes from a module of the service's own that is called for logging: `import { logEvent } from './log.js'`. */
  readonly isOwnLog?: true
}

const logMethods = new Set(
  (
    'trace debug verbose silly http info notice log warn warning error exception critical fatal alert emerg emergency skip ' +
    'success fail event audit write'
  ).split(' '),
)
const reportMethods = new Set(
  'captureException captureMessage captureEvent addBreadcrumb notify noticeError recordException report reportError'.split(
    ' ',
  ),
)
const metricMethods = new Set(
  'inc dec increment decrement observe gauge timing histogram distribution count record set add startTimer time labels with'.split(
    ' ',
  ),
)
const spanMethods = new Set('recordException setStatus addEvent setAttribute setAttributes'.split(' '))
// Most calls are of none of them: where their object comes from need not be asked.
const methods = new Set([...logMethods, ...reportMethods, ...metricMethods, ...spanMethods, 'emit'])

const loggerName =
  /^(?:log|LOG|logs|logger|LOGGER|logging|winston|pino|bunyan|console|consola|l)$|(?:Log|Logger|Logging|_log|_logger)$/
const trackerName =
  /^(?:sentry|rollbar|bugsnag|newrelic|honeybadger|airbrake|datadog|errorTracker|errorReporter|errorTracking|errors?Reporting)$/i
const metricName =
  /(?:metrics?|counters?|gauges?|histograms?|summary|stats|statsd|_total|total|_seconds|seconds|duration|latency|count)$/i
const spanName = /span$/i
const functionName =
  /^(?:log|debug|warn|logger)$|^(?:log|report|capture|notify|audit|record)_?(?:\w*_?(?:error|exception|failure|warning|event|message|metric)|info|warn|debug)$/i

type SignalOf = (call: TSESTree.CallExpression) => Signal | undefined

const readers = new WeakMap<object, { readonly settings: Settings; readonly signalOf: SignalOf }>()

/** What the calls of a file tell, each found out once however many rules ask. */
export function signalsIn(sourceCode: TSESLint.SourceCode, settings: Settings): SignalOf {
  const known = readers.get(sourceCode.ast)
  if (known?.settings === settings) return known.signalOf
  const signals = new Map<TSESTree.CallExpression, Signal | null>()
  const read: SignalOf = (call) => {
    const asked = signals.get(call)
    if (asked !== undefined) return asked ?? undefined
    const signal = signalOf(call, sourceCode, settings)
    signals.set(call, signal ?? null)
    return signal
  }
  readers.set(sourceCode.ast, { settings, signalOf: read })
  return read
}

/** What a call tells, as far as a reader of this file can see. */
function signalOf(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
  settings: Settings,
): Signal | undefined {
  const path = pathOf(call.callee)
  const method = path.at(-1) ?? ''
  const wrapper = settings.wrapperOf(path)
  if (wrapper !== undefined) return { kind: wrapper.kind, method, source: undefined, call, wrapper }
  const callee = bare(call.callee)
  if (callee.type === 'Identifier') return ofFunction(callee, call, sourceCode)
  if (callee.type !== 'MemberExpression' || !methods.has(method)) return undefined
  const holder = bare(callee.object)
  const found = known(holder, sourceCode)
  const kind = found === undefined ? byName(path, method) : byOrigin(found, method)
  return kind === undefined ? undefined : { kind, method, source: found?.source ?? consoleOf(path), call }
}

function ofFunction(
  callee: TSESTree.Identifier,
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): Signal | undefined {
  const found = known(callee, sourceCode)
  const { name: method } = callee
  const source = found?.source
  if (found?.origin === 'report function') return { kind: 'report', method, source, call }
  // const debug = createDebug('app')
  if (found?.origin === 'logger' && source === 'debug') return { kind: 'log', method, source, call }
  const isOwnLog = found === undefined && isFromLogModule(callee, sourceCode)
  if (!functionName.test(method) && !(isOwnLog && ownFunction.test(method))) return undefined
  const isReport = /exception|^(?:report|capture|notify)/i.test(method)
  return { kind: isReport ? 'report' : 'log', method, source, call, ...(isOwnLog && { isOwnLog }) }
}

const logModule = /(?:^|[/.\-_])log(?:s|gers?|ging)?(?:\/index)?(?:\.[cm]?[jt]s)?$/i
const ownFunction =
  /^(?:info|notice|warn|warning|error|debug|trace|fatal|log)$|^(?:log|write|emit)(?:[A-Z]\w*)?$/

function isFromLogModule(callee: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): boolean {
  const variable = variableOf(sourceCode, callee)
  const source = variable === undefined ? undefined : importOf(variable)?.source
  return source !== undefined && /^[.#@~]/.test(source) && logModule.test(source)
}

function byOrigin({ origin, source }: Known, method: string): Signal['kind'] | undefined {
  // Nest's Logger has the methods of its instances itself.
  if (origin === 'logger factory' && source === '@nestjs/common')
    return logMethods.has(method) ? 'log' : undefined
  if (origin === 'logger')
    return logMethods.has(method) || (method === 'emit' && source === '@opentelemetry/api-logs')
      ? 'log'
      : undefined
  if (origin === 'tracker') return reportMethods.has(method) || logMethods.has(method) ? 'report' : undefined
  if (origin === 'metric') return metricMethods.has(method) ? 'metric' : undefined
  if (origin === 'span') return spanMethods.has(method) ? 'span' : undefined
  return undefined
}

function byName(path: readonly string[], method: string): Signal['kind'] | undefined {
  const holder = path.at(-2) ?? ''
  if (logMethods.has(method) && loggerName.test(holder)) return 'log'
  // log.child({ … }).info(), logger.withContext(…).error()
  if (logMethods.has(method) && path.slice(0, -1).some((name) => loggerName.test(name)) && path.length <= 4)
    return 'log'
  if (reportMethods.has(method) && (trackerName.test(holder) || method.startsWith('capture'))) return 'report'
  if (trackerName.test(holder) && logMethods.has(method)) return 'report'
  if (spanMethods.has(method) && spanName.test(holder)) return 'span'
  if (metricMethods.has(method) && path.slice(0, -1).some((name) => metricName.test(name)))
    return isLocalSet(path, method) ? undefined : 'metric'
  return undefined
}

// `counts.set(key, n)` and `total.add(x)` are collections as often as metrics.
function isLocalSet(path: readonly string[], method: string): boolean {
  return (
    (method === 'set' || method === 'add' || method === 'with' || method === 'time') &&
    !path.some((name) => /metric|gauge|counter|histogram/i.test(name))
  )
}

function consoleOf(path: readonly string[]): string | undefined {
  return path[0] === 'console' ? 'console' : undefined
}

/** Whether an expression is a logger, by where it comes from or by its name. */
export function isLogger(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const found = known(node, sourceCode)
  return found === undefined ? loggerName.test(pathOf(node).at(-1) ?? '') : found.origin === 'logger'
}

/** The level that a log call has by its method. */
export function levelOf({ kind, method }: Signal): 'error' | 'warning' | 'info' | 'debug' {
  if (kind === 'report') return 'error'
  const words = wordsOf(method)
  if (
    words.some((word) => /^(?:error|exception|critical|fatal|alert|emerg|emergency|failure|fail)$/.test(word))
  )
    return 'error'
  if (words.some((word) => /^(?:warn|warning|skip)$/.test(word))) return 'warning'
  return words.some((word) => /^(?:debug|trace|verbose|silly)$/.test(word)) ? 'debug' : 'info'
}
