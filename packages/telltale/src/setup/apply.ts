import { setIdKeys } from '../context/scope.js'
import { setReservedNames } from '../encode/key.js'
import { defaultErrorFields, errorFields } from '../errors/record.js'
import { configureRequests } from '../http/settings.js'
import { configureLifecycle } from '../lifecycle/settings.js'
import { createConsoleRenderer } from '../log/console.js'
import { write } from '../log/emit.js'
import { release } from '../log/hold.js'
import { setLevels } from '../log/levels.js'
import { defaultKeys, type Identity, pipeline, setIdentity } from '../log/pipeline.js'
import { FdSink } from '../log/sinks/fd.js'
import { configureMetrics } from '../metrics/registry.js'
import { createPolicy, policy } from '../redact/policy.js'
import { describe, type SetupOptions } from './options.js'

/** Everything that options decide, all checked before any takes effect. Throws a TypeError naming a bad one. */
export function apply(options: SetupOptions, identity: Identity, env: NodeJS.ProcessEnv): void {
  const made = createPolicy(options.redact)
  const format = formatOf(options, env)
  applyLevels(options, env)
  configureMetrics({
    maxSeries: options.metrics?.maxSeries ?? 2000,
    strict: options.metrics?.strict ?? false,
  })
  policy.current = made
  errorFields.current = [...defaultErrorFields, ...(options.errors?.fields ?? [])]
  configureRequests(options.requests ?? {})
  configureLifecycle(options.lifecycle ?? {})

  // The console reads the line under its own names.
  pipeline.keys = format === 'console' ? defaultKeys : { ...defaultKeys, ...options.log?.keys }
  setIdKeys(pipeline.keys)
  setReservedNames(Object.values(pipeline.keys))
  setIdentity(identity)
  pipeline.sinks = options.log?.sinks ?? standardOutput()
  pipeline.render = format === 'console' ? createConsoleRenderer() : undefined
  pipeline.open = true
  for (const { scope, source, level, time, event, fields } of release()) {
    if (source.on(level)) write(scope, source, level, time, event, fields)
  }
}

let standard: FdSink[] | undefined

// One for the process: two would not know of each other's waiting bytes.
function standardOutput(): FdSink[] {
  return (standard ??= [new FdSink(1)])
}

function formatOf(options: SetupOptions, env: NodeJS.ProcessEnv): 'json' | 'console' {
  const asked = options.log?.format ?? env['LOG_FORMAT']
  if (asked === 'json' || asked === 'console') return asked
  if (asked !== undefined && asked !== '') {
    throw new TypeError(`setup(): LOG_FORMAT must be json or console, got ${describe(asked)}.`)
  }
  return options.log?.sinks === undefined && process.stdout.isTTY ? 'console' : 'json'
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
