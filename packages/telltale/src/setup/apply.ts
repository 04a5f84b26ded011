import { setIdKeys } from '../context/scope.js'
import { setReservedNames } from '../encode/key.js'
import { defaultErrorFields, errorFields } from '../errors/record.js'
import { configureRequests } from '../http/settings.js'
import { configureLifecycle } from '../lifecycle/settings.js'
import { createConsoleRenderer } from '../log/console.js'
import { write } from '../log/emit.js'
import { release } from '../log/hold.js'
import { setLevels, thresholds } from '../log/levels.js'
import { defaultKeys, type Identity, pipeline, setIdentity } from '../log/pipeline.js'
import { FdSink } from '../log/sinks/fd.js'
import { limits } from '../metrics/limits.js'
import { configureMetrics } from '../metrics/registry.js'
import { createPolicy, policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import { describe, type SetupOptions } from './options.js'

/** Everything that options decide, all or nothing of it. Throws a TypeError naming a bad one. */
export function apply(options: SetupOptions, identity: Identity, env: NodeJS.ProcessEnv): void {
  const made = createPolicy(options.redact)
  const format = formatOf(options, env)
  applyThresholds(options, env)
  // From here on nothing throws.
  policy.current = made
  errorFields.current = [...defaultErrorFields, ...(options.errors?.fields ?? [])]
  configureRequests(options.requests ?? {})
  configureLifecycle(options.lifecycle ?? {})

  // The console reads the line under its own names.
  pipeline.keys = format === 'console' ? defaultKeys : { ...defaultKeys, ...options.log?.keys }
  setIdKeys(pipeline.keys)
  setReservedNames(Object.values(pipeline.keys))
  setIdentity(identity)
  pipeline.sinks = options.log?.sinks ?? standardOutput
  pipeline.render = format === 'console' ? createConsoleRenderer() : undefined
  pipeline.open = true
  for (const { scope, source, level, time, event, fields } of release()) {
    if (source.on(level)) write(scope, source, level, time, event, fields)
  }
}

// One for the process: two would not know of each other's waiting bytes.
const standardOutput = slot('log.stdout', () => [new FdSink(1)])

function formatOf(options: SetupOptions, env: NodeJS.ProcessEnv): 'json' | 'console' {
  const asked = options.log?.format ?? env['LOG_FORMAT']
  if (asked === 'json' || asked === 'console') return asked
  if (asked !== undefined && asked !== '') {
    throw new TypeError(`setup(): LOG_FORMAT must be json or console, got ${describe(asked)}.`)
  }
  return options.log?.sinks === undefined && process.stdout.isTTY ? 'console' : 'json'
}

/** What can be checked only against the loggers and metrics there are: refused, it leaves both as they were. */
function applyThresholds(options: SetupOptions, env: NodeJS.ProcessEnv): void {
  const former = { thresholds: { ...thresholds }, limits: { ...limits } }
  try {
    applyLevels(options, env)
    configureMetrics({
      maxSeries: options.metrics?.maxSeries ?? 2000,
      strict: options.metrics?.strict ?? false,
    })
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
