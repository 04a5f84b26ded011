import { isatty } from 'node:tty'
import { setIdKeys } from '../context/scope.js'
import { setReservedNames } from '../encode/key.js'
import { defaultErrorFields, errorFields } from '../errors/record.js'
import { sourceLines } from '../errors/source-lines.js'
import { configureRequests } from '../http/settings.js'
import { configureLifecycle } from '../lifecycle/settings.js'
import { flushSinks } from '../log/deliver.js'
import { routesOf } from '../log/destinations.js'
import { write } from '../log/emit.js'
import { setGates } from '../log/gate.js'
import { release } from '../log/hold.js'
import { stopPending } from '../log/level-switch.js'
import { levelNumber, setLevels, thresholds, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { defaultKeys, type Identity, pipeline, type Route, setIdentity } from '../log/pipeline.js'
import { recorder } from '../log/recorder/ring.js'
import { ending } from '../log/sinks/ending.js'
import { releaseFiles } from '../log/sinks/file.js'
import { lostLines } from '../log/sinks/lost.js'
import { type Format, formats } from '../log/sinks/options.js'
import { bounds } from '../log/sinks/patience.js'
import { stages } from '../log/stages.js'
import { summariseSuppression } from '../log/suppressed.js'
import { followLevels } from '../log/threads/levels.js'
import { receiveFromWorkers } from '../log/threads/receive.js'
import { limits } from '../metrics/limits.js'
import { configureMetrics } from '../metrics/registry.js'
import { setLimits } from '../redact/limits.js'
import { createPolicy, policy } from '../redact/policy.js'
import type { LogOptions, SetupOptions } from './options.js'
import { describe } from './refused.js'

const log = loggerNamed('telltale')

/**
 * Everything that options decide, all or nothing of it. Throws a TypeError naming a bad one. `openExits` is called before
 * the events that were held are written.
 */
export function apply(
  options: SetupOptions,
  identity: Identity,
  env: NodeJS.ProcessEnv,
  openExits = (): void => undefined,
): { format: Format } {
  const made = createPolicy(options.redact)
  const format = formatOf(options, env)
  const keys = { ...defaultKeys, ...options.log?.keys }
  const routes = applyThresholds(options, env, () => routesOf(options.log?.sinks, format, keys))
  // From here on nothing throws.
  policy.current = made
  errorFields.current = [...defaultErrorFields, ...(options.errors?.fields ?? [])]
  sourceLines.current = options.errors?.sourceLines ?? 0
  configureRequests(options.requests ?? {})
  configureLifecycle(options.lifecycle ?? {})

  pipeline.keys = keys
  setIdKeys(pipeline.keys)
  setReservedNames(Object.values(pipeline.keys))
  setIdentity(identity)
  // What the former destinations were given is theirs.
  flushSinks()
  ending.deadline = undefined
  pipeline.routes = routes
  releaseFiles(new Set(routes.map(({ sink }) => sink)))
  pipeline.explicit = options.log?.sinks !== undefined || options.log?.format !== undefined
  applyLog(options.log ?? {})
  receiveFromWorkers({
    redact: options.redact,
    errors: options.errors,
    otlp: options.otlp,
    sentry: inheritedSentry(options),
    log: inheritedLog(options),
    ...identity,
  })
  followLevels()
  openExits()
  pipeline.open = true
  for (const { scope, source, level, time, event, fields } of release()) {
    if (source.on(level)) write(scope, source, level, time, event, fields)
  }
  return { format }
}

/** What stands between an event and its destinations, and the bounds. */
function applyLog(options: LogOptions): void {
  stopPending()
  const { recorder: kept = true, flood = false, processors = [], stack = false } = options
  setLimits(options.limits ?? {})
  Object.assign(bounds, {
    maxBlockMs: options.maxBlockMs ?? 20,
    maxBufferBytes: options.maxBufferBytes ?? 16_777_216,
  })
  Object.assign(recorder, { size: 64, maxRequestBytes: 262_144, maxProcessBytes: 16_777_216 })
  recorder.on = kept !== false
  if (typeof kept === 'object') Object.assign(recorder, kept)
  setGates(flood === false ? undefined : flood, options.sample ?? {})
  stages.processors = [...processors]
  stages.callSite = options.callSite ?? false
  stages.stackFrom = stack === false ? Infinity : levelNumber(stack)!
  stages.on =
    flood !== false ||
    options.sample !== undefined ||
    processors.length > 0 ||
    stages.callSite ||
    stages.stackFrom !== Infinity
  summariseSuppression()
  lostLines.tell = (destination, byLevel) => {
    const count = Object.values(byLevel).reduce((sum, each) => sum + each, 0)
    log.insist(warning, 'log_lines_dropped', { destination, count, by_level: byLevel })
  }
}

/** What a worker thread can take over: functions don't travel, and the destinations are this thread's. */
function inheritedLog({ log: options = {} }: SetupOptions): LogOptions {
  const { format: _format, sinks: _sinks, processors: _processors, capture: _capture, ...rest } = options
  return rest
}

function inheritedSentry({ sentry = {} }: SetupOptions): SetupOptions['sentry'] {
  if (sentry === false) return false
  const { beforeSend: _beforeSend, ...rest } = sentry
  return rest
}

function formatOf(options: SetupOptions, env: NodeJS.ProcessEnv): Format {
  const asked = options.log?.format ?? env['LOG_FORMAT']
  if ((formats as readonly unknown[]).includes(asked)) return asked as Format
  if (asked !== undefined && asked !== '') {
    throw new TypeError(`setup(): LOG_FORMAT must be json, console or logfmt, got ${describe(asked)}.`)
  }
  return options.log?.sinks === undefined && isatty(1) ? 'console' : 'json'
}

/**
 * What can be checked only against the loggers and metrics there are, then what opens files: refused, it leaves levels
 * and metrics as they were, and no file open.
 */
function applyThresholds(options: SetupOptions, env: NodeJS.ProcessEnv, open: () => Route[]): Route[] {
  const former = { thresholds: { ...thresholds }, limits: { ...limits } }
  try {
    applyLevels(options, env)
    configureMetrics({
      maxSeries: options.metrics?.maxSeries ?? 2000,
      strict: options.metrics?.strict ?? false,
    })
    return open()
  } catch (error) {
    Object.assign(thresholds, former.thresholds)
    Object.assign(limits, former.limits)
    throw error
  }
}

function applyLevels(options: SetupOptions, env: NodeJS.ProcessEnv): void {
  const [name, value] =
    options.log?.level === undefined
      ? ['LOG_LEVEL', env['LOG_LEVEL'] || 'info']
      : ['log.level', options.log.level]
  try {
    setLevels(value)
  } catch (error) {
    throw new TypeError(`setup(): ${name} can't be read: ${(error as Error).message}.`, { cause: error })
  }
}
