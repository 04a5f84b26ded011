import { show } from '../self/show.js'

export interface CheckOptions {
  /** Whether the service is unavailable without it; default true. A check that isn't only degrades readiness. */
  readonly critical?: boolean
  /** Milliseconds after which an unanswered check counts as failed; default 2,000. */
  readonly timeoutMs?: number
  /** Milliseconds between two runs; default 10,000. A failing check is asked again after a second at most. */
  readonly intervalMs?: number
  /** Age in milliseconds from which a good answer no longer counts; default three intervals and a time-out, and what `failureThreshold` takes. */
  readonly staleAfterMs?: number
  /** Whether the start is over only when it has passed once; default false: a critical check must have answered. */
  readonly startup?: boolean
  /** Failed runs in succession that make a check that passes fail; default 1. */
  readonly failureThreshold?: number
  /** Passed runs in succession that make a check that fails pass; default 1. */
  readonly successThreshold?: number
  /** Of the checks that give the same name here, one that passes is enough. */
  readonly oneOf?: string
  /**
   * Where it counts; default `['ready']`. `live` fails liveness, and so restarts the service: never for a dependency. A name of
   * your own is answered at `/health/<name>`.
   */
  readonly groups?: readonly string[]
}

/**
 * Rejecting, throwing and returning `false`, or an object whose `ok` is false, fail the check; anything else passes it. `signal`
 * aborts at the time-out: one that goes on regardless is not asked again until it ends.
 */
export type CheckFunction = (signal: AbortSignal) => unknown

/** Options with their defaults. */
export interface CheckSettings {
  readonly critical: boolean
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly staleAfterMs: number
  readonly failureThreshold: number
  readonly successThreshold: number
  readonly oneOf: string | undefined
  readonly groups: readonly string[]
}

/** Between two runs of a check that fails, at most. */
export const retryMs = 1000

const known = {
  critical: 'boolean',
  timeoutMs: 'ms',
  intervalMs: 'ms',
  staleAfterMs: 'ms',
  startup: 'boolean',
  failureThreshold: 'count',
  successThreshold: 'count',
  oneOf: 'name',
  groups: 'groups',
} as const satisfies Record<keyof CheckOptions, string>

const kinds: Record<(typeof known)[keyof CheckOptions], readonly [string, (value: unknown) => boolean]> = {
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  ms: [
    'a number of milliseconds above 0, up to 2147483647',
    (value) => typeof value === 'number' && value > 0 && value < 2 ** 31,
  ],
  count: ['a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1],
  name: [
    "the name of a set, such as 'database', the same on every check that stands in for another",
    (value) => typeof value === 'string' && value !== '',
  ],
  groups: [
    "an array of names such as ['ready', 'reports'], each of 1 to 64 letters, digits, _ and -",
    (value) => Array.isArray(value) && value.length > 0 && value.every(isGroup),
  ],
}

/** Throws a TypeError that names the check, the option, what it got and what it takes. */
export function checkSettings(name: string, options: CheckOptions): CheckSettings {
  const of = `health.check(${JSON.stringify(name)})`
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(
      `${of}: the options must be an object such as { timeoutMs: 1000 }, got ${given(options)}.`,
    )
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, option)) {
      throw new TypeError(`${of}: ${option} is not an option; there are ${Object.keys(known).join(', ')}.`)
    }
    const [takes, holds] = kinds[known[option as keyof CheckOptions]]
    if (value !== undefined && !holds(value))
      throw new TypeError(`${of}: ${option} must be ${takes}, got ${given(value)}.`)
  }
  const { timeoutMs = 2000, intervalMs = 10_000, failureThreshold = 1 } = options
  // Between two answers at the latest: an interval with its jitter and a run.
  const longest = Math.ceil(1.1 * intervalMs + timeoutMs)
  // As many failures as it takes must have their time, or the threshold would not hold.
  const failing = (failureThreshold - 1) * Math.ceil(1.1 * Math.min(intervalMs, retryMs) + timeoutMs)
  const { staleAfterMs = 3 * intervalMs + timeoutMs + failing } = options
  if (staleAfterMs < longest) {
    throw new TypeError(
      `${of}: staleAfterMs must be at least ${longest}, the time between two answers at most, got ${staleAfterMs}.`,
    )
  }
  const groups = options.groups ?? ['ready']
  return {
    critical: options.critical ?? true,
    timeoutMs,
    intervalMs,
    staleAfterMs,
    failureThreshold,
    successThreshold: options.successThreshold ?? 1,
    oneOf: options.oneOf,
    groups: options.startup === true ? [...new Set([...groups, 'startup'])] : groups,
  }
}

function isGroup(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z\d][\w-]{0,63}$/i.test(value)
}

/** As a message shows it; a BigInt has no JSON, NaN has another. */
export function given(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(show(value))
  if (typeof value !== 'object' || value === null) return show(value)
  try {
    return show(JSON.stringify(value))
  } catch {
    return 'an object'
  }
}
