import type { Scope } from '../context/scope.js'
import { beyondCopied, copyFields, setBeyond } from '../encode/copy.js'
import { ownFields } from '../encode/fields.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { unheard } from './capture/unheard.js'
import { slot } from '../state/state.js'
import { type Level, levelNumber, levels } from './levels.js'
import type { Source } from './source.js'

/** An event on its way, before redaction: what a processor may change is redacted and bounded after it. */
export interface Entry {
  readonly timestamp: string
  readonly logger: string
  level: Level
  event: string
  /** Context, bound and call fields under the names by which they will stand in the line; the later has won. */
  fields: Record<string, unknown>
  /** What the line gets besides, from request and flow. */
  readonly ids: { readonly request_id?: string; readonly trace_id?: string; readonly flow_id?: string }
}

/** Changes an entry in place, or drops it by returning `false`. An event that it raises itself is not processed. */
export type Processor = (entry: Entry) => unknown

export const processing = slot('log.processing', () => ({ busy: false }))

/** The event as the processors leave it; undefined where one drops it. One that throws is passed over. */
export function processed(
  processors: readonly Processor[],
  scope: Scope | undefined,
  source: Source,
  level: number,
  timestamp: string,
  event: string,
  fields: object | undefined,
): { level: number; event: string; fields: Record<string, unknown> } | undefined {
  const { requestId, traceId, flowId } = scope?.ids ?? {}
  const own = merged(scope?.resolve().fields, source.bound?.fields, ownFields(fields))
  const entry: Entry = {
    timestamp,
    logger: source.name,
    level: levels[level]!,
    event,
    fields: own,
    ids: {
      ...(requestId !== undefined && { request_id: requestId }),
      ...(traceId !== undefined && { trace_id: traceId }),
      ...(flowId !== undefined && { flow_id: flowId }),
    },
  }
  processing.busy = true
  try {
    if (!pass(processors, entry)) return undefined
  } finally {
    processing.busy = false
  }
  const { fields: left } = entry
  return {
    level: knownLevel(entry.level) ?? level,
    event: typeof entry.event === 'string' ? entry.event : event,
    fields: left === own ? own : typeof left === 'object' && left !== null ? copyFields(left) : {},
  }
}

// Key by key: an object that was spread grows by the next spread in microseconds (measured on Node 20).
function merged(...layers: readonly (object | undefined)[]): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  let beyond = 0
  for (const layer of layers) {
    if (layer !== undefined) beyond += beyondCopied(layer)
    for (const name in layer) {
      const value = (layer as Record<string, unknown>)[name]
      if (name === '__proto__') define(all, name, value)
      else all[name] = value
    }
  }
  setBeyond(all, beyond)
  return all
}

// Set, it would be the object's prototype.
function define(fields: object, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, configurable: true, enumerable: true, writable: true })
}

/** Whether the entry is left, after all of them. */
function pass(processors: readonly Processor[], entry: Entry): boolean {
  for (const processor of processors) {
    try {
      const result = unheard(() => processor(entry))
      if (result === false) return false
      if (result instanceof Promise) result.catch(failed)
    } catch (problem) {
      failed(problem)
    }
  }
  return true
}

/** `off` is a level for loggers, none of an event. */
function knownLevel(word: unknown): number | undefined {
  const number = levelNumber(word)
  return number !== undefined && number < levels.length ? number : undefined
}

function failed(problem: unknown): void {
  dropped('log', 'processor')
  reportOnce('processor', `a log processor failed and was passed over: ${show(problem)}`)
}
