import { gauge } from '../metrics/gauge.js'
import { type Check, errorText } from './check.js'
import { checksOf, start, startChecks } from './checks.js'
import { phase } from './phase.js'

export type ReportStatus = 'ok' | 'degraded' | 'unavailable' | 'starting' | 'draining'

export interface Report {
  readonly code: 200 | 503
  readonly body: Readonly<Record<string, unknown>>
}

/** What a report may say: everything, error texts included, only to those who may see them. */
export interface ReportOptions {
  readonly details?: boolean
}

gauge('health_ready', {
  help: 'Whether the process would answer a readiness probe with 200 (1) or not (0).',
  // Of several processes or threads, all must be.
  merge: 'min',
  collect: (ready) => ready.set(isReady(statusOf(checksOf('ready'), hasStarted())) ? 1 : 0),
})

/**
 * Liveness: never touches a dependency, so that a sick database doesn't restart every replica. Only a critical check of the
 * group `live` fails it. A process that starts or drains is alive.
 */
export function liveness(options?: ReportOptions): Report {
  const checks = checksOf('live')
  if (checks.length > 0) startChecks()
  const { failed } = judged(checks)
  return report(
    failed.some(isCritical) ? 'unavailable' : 'ok',
    options?.details === true ? checks : [],
    options,
  )
}

export function startup(options?: ReportOptions): Report {
  startChecks()
  const checks = options?.details === true ? checksOf('startup') : []
  return report(hasStarted() ? 'ok' : 'starting', checks, options)
}

/** Readiness from the checks' last answers; asks nothing itself. */
export function readiness(options?: ReportOptions): Report {
  startChecks()
  const checks = checksOf('ready')
  return report(statusOf(checks, hasStarted()), checks, options, true)
}

/** As readiness, from the checks of one group alone, whatever the start waits for. */
export function groupReport(group: string, options?: ReportOptions): Report {
  startChecks()
  const checks = checksOf(group)
  return report(statusOf(checks, true), checks, options, true)
}

/** Whether a check names this group, and it is none of those with a meaning of their own. */
export function hasOwnGroup(name: string): boolean {
  return name !== 'live' && name !== 'ready' && name !== 'startup' && checksOf(name).length > 0
}

function report(
  status: ReportStatus,
  checks: readonly Check[],
  { details = false }: ReportOptions = {},
  showsChecks = details,
): Report {
  return {
    code: isReady(status) ? 200 : 503,
    body: {
      status,
      timestamp: new Date().toISOString(),
      ...(showsChecks && {
        checks: Object.fromEntries(
          checks.map((check) => [check.name, { ...shown(check), ...(details && detailsOf(check)) }]),
        ),
      }),
    },
  }
}

function isReady(status: ReportStatus): boolean {
  return status === 'ok' || status === 'degraded'
}

/** True once every critical check has answered and what the start waits for has passed, and from then on. */
function hasStarted(): boolean {
  const waited = judged(checksOf('startup'))
  start.isOver ||=
    !judged(checksOf('ready')).pending.some(isCritical) && waited.pending.length + waited.failed.length === 0
  return start.isOver
}

function statusOf(checks: readonly Check[], isStarted: boolean): ReportStatus {
  if (phase.draining) return 'draining'
  const { bad, failed, pending } = judged(checks)
  if (!isStarted || pending.some(isCritical)) return 'starting'
  if (failed.some(isCritical)) return 'unavailable'
  return bad.length > 0 ? 'degraded' : 'ok'
}

/** What does not pass, and of it what no other check of its `oneOf` makes up for. */
function judged(checks: readonly Check[]): {
  readonly bad: readonly Check[]
  readonly failed: readonly Check[]
  readonly pending: readonly Check[]
} {
  const passing = new Set(
    checks.filter(({ status }) => status === 'ok').map(({ settings }) => settings.oneOf),
  )
  const isCovered = ({ settings }: Check): boolean =>
    settings.oneOf !== undefined && passing.has(settings.oneOf)
  const bad = checks.filter((check) => check.isBad)
  return {
    bad,
    failed: bad.filter((check) => !isCovered(check)),
    pending: checks.filter((check) => check.status === 'pending' && !isCovered(check)),
  }
}

function isCritical({ settings }: Check): boolean {
  return settings.critical
}

function shown({ status, settings, latencyMs, checkedAt }: Check): object {
  return { status, critical: settings.critical, latency_ms: latencyMs, checked_at: checkedAt }
}

function detailsOf({ error, changedAt, failures, hungMs, settings }: Check): object {
  return {
    changed_at: changedAt,
    ...(failures > 0 && { failures }),
    ...(error !== undefined && { error: errorText(error) }),
    ...(hungMs !== undefined && { running_ms: Math.round(hungMs) }),
    ...(settings.oneOf !== undefined && { one_of: settings.oneOf }),
    groups: settings.groups,
  }
}
