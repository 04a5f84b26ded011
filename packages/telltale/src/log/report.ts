import type { Scope } from '../context/scope.js'
import { copyFields } from '../encode/copy.js'
import { encodeFields } from '../encode/fields.js'
import { withBudget } from '../encode/value.js'
import {
  type ErrorReport,
  exitsFor,
  firstReport,
  handOut,
  hasErrorExits,
  type ReportedError,
} from '../errors/exits.js'
import { heldForSetup, isBeforeSetup } from '../errors/early.js'
import { asError, errorFingerprint } from '../errors/record.js'
import type { StackFrame } from '../errors/frame.js'
import { forReport } from '../errors/seen.js'
import { limits } from '../redact/limits.js'
import { policy } from '../redact/policy.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { hexId } from '../trace/ids.js'
import { formatTime, tick } from './clock.js'
import { eventName } from './events.js'
import { kept } from './hold.js'
import { error as errorLevel, type Level } from './levels.js'
import { pipeline } from './pipeline.js'
import { recordedLines } from './recorder/record.js'
import type { Source } from './source.js'
import { lineOf } from './stages.js'

/** What failed, as the event about it has it. */
export interface Failed {
  readonly source: Source
  readonly scope: Scope | undefined
  readonly level: number
  readonly event: string
  readonly fields?: object | undefined
  /** What was thrown. */
  readonly error: unknown
  /** Nobody caught it. */
  readonly isUncaught?: boolean
}

let isReporting = false

/**
 * Hands a failure to the exits for errors, once per error object; to be called after its event is written. Costs a
 * comparison where there is no exit. Never throws.
 */
export function reportFailure(failed: Failed): void {
  if (!hasErrorExits()) return isBeforeSetup() ? holdFailure(failed) : undefined
  // An exit that fails with errors of its own each time would be told of those, too.
  if (isNested()) return
  try {
    if (!firstReport(failed.error, outermost(failed.scope))) return
    isReporting = true
    const fingerprint = errorFingerprint(failed.error)
    const exits = exitsFor(fingerprint)
    const report = exits.length === 0 ? undefined : reportOf(failed, fingerprint)
    if (report !== undefined) handOut(report, exits)
  } catch (problem) {
    dropped('error', 'encode')
    reportOnce('error-report', `a report of an error was lost: ${show(problem)}`)
  } finally {
    isReporting = false
  }
}

/** Calls what reports: at once, or after setup() where that has not come and nobody takes reports yet. */
export function reportSoon(report: () => void): void {
  if (hasErrorExits() || !heldForSetup(report)) report()
}

/** What an event's fields hold may change until setup(). */
function holdFailure(failed: Failed): void {
  try {
    const { own: fields } = kept(failed.fields)
    heldForSetup(() => reportFailure({ ...failed, fields }))
  } catch {
    // Counted: a log of it would be reported again.
    dropped('error', 'encode')
  }
}

/** Runs code of the service's own that looks at a report: what fails in it is written and not reported. */
export function withoutReporting<T>(act: () => T): T {
  const before = isReporting
  isReporting = true
  try {
    return act()
  } finally {
    isReporting = before
  }
}

/** Counts it where what is to be sent comes from code that looks at a report. */
export function isNested(): boolean {
  if (isReporting) dropped('error', 'nested')
  return isReporting
}

/** What a thrown primitive is known again within: it passes through all the flows that it fails. */
function outermost(scope: Scope | undefined): Scope | undefined {
  let flow = scope?.flow
  while (flow?.parent?.flow !== undefined) flow = flow.parent.flow
  return scope?.request ?? flow
}

/** Undefined where a processor drops the event. */
function reportOf(failed: Failed, fingerprint: string): ErrorReport | undefined {
  const { source, scope, error } = failed
  const now = tick()
  // First, since a line holds so many fields and no more.
  const own = { error: asError(error) }
  const fields = { ...own, ...copyFields(failed.fields), ...own }
  const level = Math.max(failed.level, errorLevel)
  const result = forReport(() =>
    lineOf(eventName(failed.event), scope, source, level, formatTime(now), failed.event, fields),
  )
  if (result === undefined) return undefined
  const line = JSON.parse(result.line) as Record<string, unknown>
  const { keys } = pipeline
  const take = (key: string): string | undefined => {
    const value = line[key]
    delete line[key]
    return typeof value === 'string' ? value : undefined
  }
  take(keys.timestamp)
  const known = {
    level: take(keys.level) as Level,
    logger: take(keys.logger)!,
    event: take(keys.event)!,
    service: take(keys.service) ?? 'unknown_service',
  }
  const version = take(keys.version)
  const environment = take(keys.environment)
  const instance = take(keys.instance)
  const requestId = take(keys.request_id)
  const traceId = take(keys.trace_id)
  const spanId = take(keys.span_id)
  const flowId = take(keys.flow_id)
  const { error: record, error_fingerprint: written, error_seen: _seen, ...others } = line
  const route = routeOf(scope)
  return {
    id: hexId(16),
    time: Math.floor(now / 1000),
    ...known,
    handled: failed.isUncaught !== true,
    ...(version !== undefined && { version }),
    ...(environment !== undefined && { environment }),
    ...(instance !== undefined && { instance }),
    error: soundRecord(record) ?? recordOf(error),
    fingerprint: typeof written === 'string' ? written : fingerprint,
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(flowId !== undefined && { flowId }),
    ...(route !== undefined && { route }),
    fields: others,
    recent: recentOf(scope?.request, known.event, fingerprint),
  }
}

/** What is left of a record that was cut, or changed by a processor, in the shape that exits can rely on. */
function soundRecord(value: unknown): ReportedError | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string' || typeof value['message'] !== 'string')
    return undefined
  const { frames, cause, errors, ...own } = value
  const inner = soundRecord(cause)
  return {
    ...(own as { type: string; message: string }),
    frames: (Array.isArray(frames) ? frames : []).filter(isFrame),
    ...(inner !== undefined && { cause: inner }),
    ...(Array.isArray(errors) && {
      errors: errors.map((each) => soundRecord(each) ?? (typeof each === 'string' ? each : '…')),
    }),
  }
}

function isFrame(value: unknown): value is StackFrame {
  return isObject(value) && typeof value['inApp'] === 'boolean'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a processor has taken the error out of the fields, it is reported all the same. */
function recordOf(error: unknown): ReportedError {
  const text = forReport(() => withBudget(limits.maxLine, () => encodeFields({ error: asError(error) })))
  const { error: record } = JSON.parse(`{${text.slice(1)}}`) as { error: unknown }
  return soundRecord(record) ?? { type: 'Error', message: '', frames: [] }
}

/** Of the request, for those who made its scope. */
export function routeOf(scope: Scope | undefined): string | undefined {
  const { route } = (scope?.request?.subject ?? {}) as { readonly route?: unknown }
  return typeof route === 'string' ? policy.current.text(route) : undefined
}

/** What the request said before, without the line about this failure, or about this event that has no error. */
export function recentOf(
  request: Scope | undefined,
  event: string,
  fingerprint?: string,
): readonly Record<string, unknown>[] {
  if (request === undefined) return []
  const recent = recordedLines(request).map((line) => JSON.parse(line) as Record<string, unknown>)
  const last = recent.at(-1)
  const isItself = last?.[pipeline.keys.event] === event && last['error_fingerprint'] === fingerprint
  return isItself ? recent.slice(0, -1) : recent
}
