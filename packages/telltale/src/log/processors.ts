import type { Scope } from '../context/scope.js'
import { ownFields } from '../encode/fields.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { unheard } from './capture/unheard.js'
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

/** Changes an entry in place, or drops it by returning `false`. */
export type Processor = (entry: Entry) => unknown

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
  const entry: Entry = {
    timestamp,
    logger: source.name,
    level: levels[level]!,
    event,
    fields: merged(scope?.resolve().fields, source.bound?.fields, fields),
    ids: {
      ...(requestId !== undefined && { request_id: requestId }),
      ...(traceId !== undefined && { trace_id: traceId }),
      ...(flowId !== undefined && { flow_id: flowId }),
    },
  }
  for (const processor of processors) {
    try {
      if (unheard(() => processor(entry)) === false) return undefined
    } catch (problem) {
      dropped('log', 'processor')
      reportOnce('processor', `a log processor failed and was passed over: ${show(problem)}`)
    }
  }
  const { fields: left } = entry
  return {
    level: levelNumber(entry.level) ?? level,
    event: typeof entry.event === 'string' ? entry.event : event,
    fields: typeof left === 'object' && left !== null ? left : {},
  }
}

// Key by key: growing an object that was spread costs microseconds (measured on Node 20).
function merged(
  context: object | undefined,
  bound: object | undefined,
  call: object | undefined,
): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const layer of [context, bound, ownFields(call)])
    for (const name in layer) set(all, name, (layer as Record<string, unknown>)[name])
  return all
}

function set(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  else fields[name] = value
}
