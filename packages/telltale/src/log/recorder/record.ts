import { currentScope, type Scope } from '../../context/scope.js'
import { withoutSeeing } from '../../errors/seen.js'
import { dropped } from '../../self/dropped.js'
import { formatTime, timeOf } from '../clock.js'
import { deliver } from '../deliver.js'
import type { Source } from '../source.js'
import { eventName } from '../events.js'
import { isFields, repaired } from '../habits.js'
import { lineOf } from '../stages.js'
import { keep } from './keep.js'
import { recorder, Ring, type Unwritten } from './ring.js'

/** From here on the request's recent events are kept, where the recorder is on. */
export function startRecording(request: Scope): void {
  if (recorder.on) request.ring = new Ring()
}

export function ringOf(scope: Scope | undefined): Ring | undefined {
  return scope?.request?.ring as Ring | undefined
}

/** Keeps an event that is not written, if a request is there to keep it for. Never throws. */
export function record(source: Source, level: number, event: unknown, fields: unknown): void {
  recordIn(currentScope(), source, level, event, fields)
}

/** As `record`, in a scope that need not be the current one. */
export function recordIn(
  scope: Scope | undefined,
  source: Source,
  level: number,
  event: unknown,
  fields: unknown,
): void {
  const ring = ringOf(scope)
  if (ring === undefined || scope === undefined) return
  try {
    if (typeof event === 'string' && (fields === undefined || isFields(fields))) {
      ring.add({ scope, source, level, at: performance.now(), event, kept: keep(fields) })
    } else {
      const [name, own] = repaired(event, fields)
      ring.add({ scope, source, level, at: performance.now(), event: name, kept: keep(own) })
    }
  } catch {
    // A getter that throws: the recorder does not insist.
    dropped('log', 'recorder')
  }
}

/** The request has failed: what it said below the levels is written after all, with `recorded: true`. */
export function writeRecorded(request: Scope): void {
  ringOf(request)?.writeAll((event) => {
    try {
      const result = late(event)
      if (result === undefined) return ''
      deliver(result.line, result.level)
      return result.line
    } catch {
      // Counted: a log of it would be recorded again.
      dropped('log', 'recorder')
      return ''
    }
  })
}

/** The JSON lines of a request's recent events, written or not, oldest first; the log is none the wiser. */
export function recordedLines(request: Scope): string[] {
  const lines = withoutSeeing(() =>
    (ringOf(request)?.list() ?? []).map((event) => (typeof event === 'string' ? event : late(event)?.line)),
  )
  return lines.filter((line): line is string => line !== undefined && line !== '')
}

/** Lets go of what was kept for the request. */
export function stopRecording(request: Scope): void {
  ringOf(request)?.close()
  request.ring = undefined
}

function late({
  scope,
  source,
  level,
  at,
  event,
  kept,
}: Unwritten): { line: string; level: number } | undefined {
  const fields = { ...kept.fields, recorded: true }
  return lineOf(eventName(event), scope, source, level, formatTime(timeOf(at)), event, fields)
}
