import { gauge } from '../metrics/gauge.js'
import { allChecks, hasStarted, startChecks } from './checks.js'
import type { Check } from './check.js'
import { phase } from './phase.js'

export interface Report {
  readonly code: 200 | 503
  readonly body: Readonly<Record<string, unknown>>
}

gauge('health_ready', {
  help: 'Whether the process would answer a readiness probe with 200 (1) or not (0).',
  // Of several processes or threads, all must be.
  merge: 'min',
  collect: (ready) => ready.set(isReady(overall([...allChecks()])) ? 1 : 0),
})

/** Liveness: never touches a dependency, so that a sick database doesn't restart every replica. */
export function liveness(): Report {
  return { code: 200, body: { status: 'ok', timestamp: now() } }
}

export function startup(): Report {
  startChecks()
  const started = hasStarted()
  return { code: started ? 200 : 503, body: { status: started ? 'ok' : 'starting', timestamp: now() } }
}

/** Readiness from the checks' last answers; asks nothing itself. */
export function readiness(): Report {
  startChecks()
  const checks = [...allChecks()]
  const status = overall(checks)
  return {
    code: isReady(status) ? 200 : 503,
    body: {
      status,
      timestamp: now(),
      checks: Object.fromEntries(checks.map((check) => [check.name, shown(check)])),
    },
  }
}

function isReady(status: string): boolean {
  return status === 'ok' || status === 'degraded'
}

function overall(checks: Check[]): string {
  if (phase.draining) return 'draining'
  if (!hasStarted() || checks.some((check) => check.critical && check.status === 'pending')) return 'starting'
  const bad = checks.filter((check) => check.status !== 'ok' && check.status !== 'pending')
  if (bad.some((check) => check.critical)) return 'unavailable'
  return bad.length > 0 ? 'degraded' : 'ok'
}

function shown(check: Check): object {
  const { status, critical, latencyMs, checkedAt } = check
  const checked = checkedAt === null ? null : new Date(checkedAt).toISOString()
  return { status, critical, latency_ms: latencyMs, checked_at: checked }
}

function now(): string {
  return new Date().toISOString()
}
