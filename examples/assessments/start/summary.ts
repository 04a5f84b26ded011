import type { Leak } from './canary-search.js'
import { bucketsOf, quantile } from './quantile.js'
import type { Sample } from './scrape.js'
import type { Telemetry } from './telemetry.js'

/** What `--json` writes. Everything up to `differences` comes from the emitted telemetry alone. */
export interface Summary {
  ok: boolean
  seconds: number
  requests: { total: number; by_route: Record<string, number>; by_status: Record<string, number> }
  events: { total: number; by_level: Record<string, number>; invalid: number }
  /** By name: how often each outcome, and for the failed ones in which step. */
  flows: Record<string, { outcomes: Record<string, number>; failed_in: Record<string, number> }>
  /** Error types, each error once. */
  errors: Record<string, number>
  latency_ms: { p50: number | null; p99: number | null }
  log_bytes: number
  canaries: { planted: number; found: number }
  differences: string[]
}

export interface Findings {
  seconds: number
  telemetry: Telemetry
  /** The last scrape, taken when nothing was under way; empty when none could be had. */
  samples: readonly Sample[]
  planted: number
  leaks: ReadonlyMap<string, Leak>
  /** What the comparisons found. */
  differences: readonly string[]
}

export function summarise({ seconds, telemetry, samples, planted, leaks, differences }: Findings): Summary {
  const { requests, invalid } = telemetry
  const all = [
    ...differences,
    ...invalid.first.map(({ number, problem, text }) => `log line ${number} ${problem}: ${text}`),
    ...(invalid.count > invalid.first.length ? [`${invalid.count} lines of the log are invalid`] : []),
    ...[...leaks].map(([place, { form, where }]) => `the canary ${place} leaked (${form}) into ${where}`),
  ]
  const buckets = bucketsOf(samples, 'http_request_duration_seconds')
  const ms = (q: number): number | null => {
    const seconds = quantile(q, buckets)
    return seconds === null ? null : Math.round(seconds * 100_000) / 100
  }
  return {
    ok: all.length === 0,
    seconds: Math.round(seconds * 10) / 10,
    requests: {
      total: requests.total,
      by_route: requests.byRoute.object(),
      by_status: requests.byStatus.object(),
    },
    events: { total: telemetry.lines, by_level: telemetry.byLevel.object(), invalid: invalid.count },
    flows: Object.fromEntries(
      [...telemetry.flows].map(([name, { outcomes, failedIn }]) => [
        name,
        { outcomes: outcomes.object(), failed_in: failedIn.object() },
      ]),
    ),
    errors: telemetry.errors.object(),
    latency_ms: { p50: ms(0.5), p99: ms(0.99) },
    log_bytes: telemetry.bytes,
    canaries: { planted, found: leaks.size },
    differences: all,
  }
}
