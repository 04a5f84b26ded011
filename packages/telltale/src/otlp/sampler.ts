import type { Sample } from '../trace/tracing.js'
import type { Environment } from './environment.js'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** Which traces are recorded, and whether those that are not may leave where they failed. */
export interface Sampling {
  readonly sample: Sample
  readonly keepOnError: boolean
}

/** From `tracesSampleRate`, else `OTEL_TRACES_SAMPLER` and its `_ARG`, else all that a caller does not decide otherwise. */
export function samplingOf(
  rate: number | undefined,
  keepOnError: boolean | undefined,
  env: Environment,
): Sampling {
  const name = rate === undefined ? env.word(['OTEL_TRACES_SAMPLER'], samplers) : 'parentbased_traceidratio'
  const own = shareOf(name, rate, env)
  const begins = ratio(own)
  const isParentBased = name === undefined || name.startsWith('parentbased')
  return {
    sample: isParentBased ? (traceId, parent) => parent ?? begins(traceId) : (traceId) => begins(traceId),
    // Who turns it off by name wants nothing, not even what failed.
    keepOnError: keepOnError ?? !name?.endsWith('always_off'),
  }
}

function shareOf(
  name: (typeof samplers)[number] | undefined,
  rate: number | undefined,
  env: Environment,
): number {
  if (rate !== undefined) return rate
  if (name === undefined || name.endsWith('always_on')) return 1
  if (name.endsWith('always_off')) return 0
  return env.number(['OTEL_TRACES_SAMPLER_ARG'], 0, 1) ?? 1
}

const randomDigits = 14

/**
 * The share by the trace id alone, so that all services that ask for the same one take the same traces: its last 56 bits
 * are at or above a threshold (OpenTelemetry, "Probability Sampling in TraceState", consistent probability sampling).
 */
function ratio(share: number): (traceId: string) => boolean {
  if (share >= 1) return () => true
  const threshold = BigInt(Math.round((1 - share) * 2 ** 56))
  if (threshold >= 1n << 56n) return () => false
  // Digits of equal number and case compare as numbers do.
  const digits = threshold.toString(16).padStart(randomDigits, '0')
  return (traceId) => traceId.slice(-randomDigits) >= digits
}
