import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import type { StackFrame } from './frame.js'

/** An error as it leaves: a record as in the log line, with its stack taken apart. */
export interface ReportedError {
  readonly type: string
  readonly message: string
  readonly code?: string | number
  readonly stack?: string
  /** The innermost call first; empty where there is no stack. */
  readonly frames: readonly StackFrame[]
  readonly cause?: ReportedError
  /** What an AggregateError holds; a text stands for those beyond ten. */
  readonly errors?: readonly (ReportedError | string)[]
  readonly [ownField: string]: unknown
}

/** What a tracker is given of one failure. All of it has passed the redaction policy. Data only: safe to keep and to send. */
export interface ErrorReport {
  /** 32 hex digits. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'critical'
  readonly logger: string
  /** The name of the log event that says the same: `payment_failed`, `request_failed`, `uncaught_exception`. */
  readonly event: string
  /** False where nobody caught it: an uncaught exception, an unhandled rejection. */
  readonly handled: boolean
  readonly service: string
  readonly version?: string
  readonly environment?: string
  readonly instance?: string
  readonly error: ReportedError
  /** 16 hex digits, the same for failures of one kind; `error_fingerprint` in the log. */
  readonly fingerprint: string
  readonly requestId?: string
  readonly traceId?: string
  readonly spanId?: string
  readonly flowId?: string
  /** The request's route template, where it is known. */
  readonly route?: string
  /** Fields of context, logger and call as the log line has them, `error` left out. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The request's recent events as log lines, oldest first; unwritten ones have `recorded: true`. */
  readonly recent: readonly Readonly<Record<string, unknown>>[]
}

/** Where reports go. */
export interface ErrorExit {
  /** What it is called where its flush takes too long; default "an exit for errors". */
  readonly name?: string
  /**
   * Asked before a report is made, which costs far more: false refuses those with this fingerprint, as a sampler does in a
   * storm. Default all.
   */
  wants?(fingerprint: string): boolean
  /**
   * Takes one report. It is called inside the call that fails: what takes time goes into a queue. What it throws, or
   * rejects with, is counted and said once.
   */
  report(report: ErrorReport): unknown
  /**
   * Sends what waits. A shutdown waits for it within `lifecycle.flushTimeoutMs`, the end of a process that crashes for two
   * seconds; a process that ends by itself calls it, too.
   */
  flush?(): Promise<unknown>
}

const exits = slot('errors.exits', () => new Set<ErrorExit>())
const state = slot('errors.reports', () => ({
  reported: new WeakSet<object>(),
  /** Primitives that were thrown, by what they were thrown in. */
  within: new WeakMap<object, Set<unknown>>(),
  /** Something was handed out that no exit was asked to flush yet. */
  unflushed: false,
}))
const maxWithin = 16

/**
 * Hands every failure to `exit` from now on, once per error object. Returns what takes it out again. Throws a TypeError
 * for what has no `report` function. Costs a request without failures nothing.
 *
 * @example
 * addErrorExit({ report: ({ fingerprint, error }) => queue.push({ fingerprint, error }) })
 */
export function addErrorExit(exit: ErrorExit): () => void {
  if (typeof (exit as Partial<ErrorExit> | undefined)?.report !== 'function') {
    throw new TypeError(
      `addErrorExit(): the exit must be an object with a function report(report), got ${show(exit)}.`,
    )
  }
  exits.add(exit)
  return () => void exits.delete(exit)
}

export function hasErrorExits(): boolean {
  return exits.size > 0
}

/**
 * True the first time an error object is asked about; the one who gets true reports it. A primitive is known again only
 * `within` the same request or flow; without one it is always new.
 */
export function firstReport(error: unknown, within?: object): boolean {
  if ((typeof error === 'object' && error !== null) || typeof error === 'function') {
    if (state.reported.has(error)) return false
    state.reported.add(error)
    return true
  }
  if (within === undefined) return true
  const known = state.within.get(within) ?? new Set()
  if (known.has(error)) return false
  if (known.size < maxWithin) known.add(error)
  state.within.set(within, known)
  return true
}

/** The exits that take reports with this fingerprint. Never throws. */
export function exitsFor(fingerprint: string): ErrorExit[] {
  return [...exits].filter((exit) => {
    try {
      return exit.wants === undefined || exit.wants(fingerprint)
    } catch (problem) {
      failed(problem)
      return true
    }
  })
}

/** Gives the exits the report. Never throws. */
export function handOut(report: ErrorReport, to: Iterable<ErrorExit> = exits): void {
  state.unflushed = true
  for (const exit of to) {
    try {
      const result = exit.report(report)
      if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(failed)
    } catch (problem) {
      failed(problem)
    }
  }
}

/** Whether an exit that holds something back may still have some of it. */
export function hasUnflushed(): boolean {
  return state.unflushed && [...exits].some((exit) => exit.flush !== undefined)
}

/** Resolves when every exit has sent what waited or has given up. Never rejects. */
export async function flushErrorExits(): Promise<void> {
  await Promise.all(errorExits().map(flushErrorExit))
}

/** All there are, to be flushed each by itself. */
export function errorExits(): readonly ErrorExit[] {
  state.unflushed = false
  return [...exits]
}

/** Never rejects. */
export async function flushErrorExit(exit: ErrorExit): Promise<void> {
  try {
    await exit.flush?.()
  } catch (problem) {
    failed(problem)
  }
}

function failed(problem: unknown): void {
  dropped('error', 'exit')
  reportOnce('error-exit', `an exit for errors failed; what it was given may be lost: ${show(problem)}`)
}
