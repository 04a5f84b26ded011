import { isMainThread } from 'node:worker_threads'
import { startAdmin } from '../admin/start.js'
import { reportHeld, whenReportsAreLost } from '../errors/early.js'
import { startChecks } from '../health/checks.js'
import { watchTheEnd } from '../lifecycle/crash.js'
import { beginLife, drain } from '../lifecycle/drain.js'
import { ignoreSignals, listenToSignals } from '../lifecycle/signals.js'
import { whenNotSetUp } from '../log/hold.js'
import { captureConsole } from '../log/capture/console.js'
import { captureWarnings } from '../log/capture/warnings.js'
import { type LevelSwitchOptions, stopPending, switchLevels } from '../log/level-switch.js'
import { info } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { type Identity, pipeline } from '../log/pipeline.js'
import { inherited } from '../log/threads/shared.js'
import { startClusterMetrics } from '../metrics/cluster/start.js'
import { startProcessMetrics } from '../metrics/process.js'
import { startOtlp } from '../otlp/start.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { startSentry } from '../sentry/start.js'
import { slot } from '../state/state.js'
import { apply } from './apply.js'
import { identityOf } from './identity.js'
import { inherit } from './inherit.js'
import { checkOptions, type SetupOptions } from './options.js'
import { differences } from './same.js'

/** The running system. */
export interface Telltale {
  readonly service: string
  readonly version: string | undefined
  readonly environment: string
  /**
   * Drains, flushes and closes: readiness fails, requests, background work and flows under way end or are cut, hooks
   * run. Resolves within the deadlines of `lifecycle`; never rejects. Called again, or while a signal's drain goes on, it waits for the
   * same. `setup()` may be called anew afterwards.
   */
  shutdown(): Promise<void>
  /**
   * Changes the levels of the running process and its worker threads, for `forMs` milliseconds where given. A level for
   * all and levels by logger as `log.level` takes them; without one for all, that one stays. Throws a TypeError for what
   * it can't read. The change is an event, `log_level_changed {from, to, until}`.
   *
   * @example
   * telltale.setLevel('debug', { forMs: 600_000 })
   */
  setLevel(levels: string, options?: LevelSwitchOptions): void
}

interface Instance {
  readonly telltale: Telltale
  readonly options: SetupOptions
  readonly place: string
}

const current = slot('setup', () => ({ instance: undefined as Instance | undefined }))
const log = loggerNamed('telltale')

/**
 * Starts the system, once, at the start of the process; options win over the environment, which wins over the
 * defaults. Without options: JSON lines on a pipe and colours on a terminal, level info, redaction and process metrics
 * on, nothing leaves the machine. Called again with equal options it returns the same instance. Throws a TypeError that
 * names a bad option, and an Error where a second call's options differ.
 *
 * @example
 * const telltale = setup({ service: 'assessments', version: '1.4.0' })
 */
export function setup(options: SetupOptions = {}): Telltale {
  const place = callerOf(setup)
  checkOptions(options)
  const running = current.instance
  if (running !== undefined) {
    const differing = differences(running.options, options)
    if (differing.length === 0) return running.telltale
    throw new Error(
      `setup() was called twice with options that differ in ${differing.join(', ')}:\n` +
        `  first at ${running.place}\n  then at  ${place}\nCall it once, at the start of the process.`,
    )
  }
  const effective = inherit(settingsOfParent(), options)
  const identity = identityOf(effective, process.env)
  const { format } = apply(effective, identity, process.env, () => {
    startOtlp(effective.otlp ?? {}, identity, process.env, effective.log?.sinks !== undefined)
    startSentry(effective.sentry ?? {}, identity, process.env)
  })
  reportHeld()
  beginLife()
  watchTheEnd()
  if (options.lifecycle?.signals ?? true) listenToSignals()
  const stopMetrics = options.metrics?.process === false ? (): void => undefined : startProcessMetrics()
  startClusterMetrics()
  startChecks()
  const stopCapture = startCapture(options.log?.capture ?? {})
  const telltale = instanceOf(identity, () => {
    stopMetrics()
    stopCapture()
  })
  current.instance = { telltale, options, place }
  if (options.admin !== undefined) startAdmin(options.admin)
  if (identity.environment === 'development' && isMainThread) sayWhatIsOn(options, format)
  return telltale
}

function instanceOf(identity: Identity, stop: () => void): Telltale {
  let over: Promise<void> | undefined
  const shutDown = async (): Promise<void> => {
    await drain('shutdown()')
    stop()
    ignoreSignals()
    stopPending()
    if (current.instance?.telltale === telltale) current.instance = undefined
  }
  const telltale: Telltale = {
    service: identity.service,
    version: identity.version,
    environment: identity.environment ?? 'development',
    setLevel: switchLevels,
    shutdown: () => (over ??= shutDown()),
  }
  return telltale
}

function startCapture({ console, warnings }: { console?: boolean; warnings?: boolean }): () => void {
  const stops = [
    console === true ? captureConsole() : undefined,
    warnings === true ? captureWarnings() : undefined,
  ]
  return () => stops.forEach((stop) => stop?.())
}

function sayWhatIsOn(options: SetupOptions, format: string): void {
  log.raise(
    info,
    'telltale_started',
    {
      format,
      redaction: options.redact?.pii === true ? 'secrets and personal data' : 'secrets',
      process_metrics: options.metrics?.process ?? true,
      signals: options.lifecycle?.signals ?? true,
    },
    undefined,
  )
}

/** The stand-in where setup() does not come: the defaults, and one line that says so. */
function withoutSetup(): void {
  if (pipeline.open) return
  const from = settingsOfParent()
  try {
    apply(from ?? {}, identityOf(from ?? {}, process.env), process.env)
  } catch {
    // LOG_LEVEL or LOG_FORMAT can't be read: what was held matters more.
    apply(from ?? {}, identityOf(from ?? {}, {}), {})
  }
  watchTheEnd()
  if (from !== undefined) return
  log.warning('setup_not_called', {
    reason: 'events were raised but setup() was not called; the defaults apply',
  })
}

/** In a worker thread, what the thread that started it was set up with. */
function settingsOfParent(): SetupOptions | undefined {
  return isMainThread ? undefined : (inherited()?.settings as SetupOptions | undefined)
}

whenNotSetUp(withoutSetup)
whenReportsAreLost((count) => {
  // Else nobody would have had them.
  if (!process.env['SENTRY_DSN']?.trim()) return
  dropped('error', 'not_set_up', count)
  reportOnce(
    'sentry-not-set-up',
    'SENTRY_DSN is set, but setup() has not been called: errors are not sent to Sentry, and counted in telltale_dropped_total',
  )
})

function callerOf(fn: (options: SetupOptions) => unknown): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, fn)
  return holder.stack?.split('\n')[1]?.trim().replace(/^at /, '') ?? 'an unknown place'
}
