import { currentScope, type Scope } from '../context/scope.js'
import { copyFields } from '../encode/copy.js'
import { flat } from '../encode/flat.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { timestamp } from './clock.js'
import { type EventName, eventName } from './events.js'
import { isFields, repaired } from './habits.js'
import { hold } from './hold.js'
import { encodeLine } from './line.js'
import { deliver } from './deliver.js'
import { pipeline } from './pipeline.js'
import { recordIn, ringOf } from './recorder/record.js'
import type { Ring } from './recorder/ring.js'
import type { Source } from './source.js'
import { admit, lineOf, stages } from './stages.js'

/** One event on its way: context, line, count, sinks. Never throws. */
export function emit(source: Source, level: number, event: unknown, fields: unknown): void {
  emitIn(currentScope(), source, level, event, fields)
}

/** As `emit`, in a scope that need not be the current one. */
export function emitIn(
  scope: Scope | undefined,
  source: Source,
  level: number,
  event: unknown,
  fields: unknown,
): void {
  try {
    if (typeof event === 'string' && (fields === undefined || isFields(fields))) {
      pass(scope, source, level, event, fields)
    } else {
      pass(scope, source, level, ...repaired(event, fields))
    }
  } catch {
    // Fields that throw when they are looked at, a revoked proxy say: what can be had of them, read once.
    degrade(scope, source, level, event, fields)
  }
}

function pass(
  scope: Scope | undefined,
  source: Source,
  level: number,
  event: string,
  fields: object | undefined,
): void {
  if (pipeline.open) write(scope, source, level, timestamp(), event, fields)
  else hold(scope, source, level, event, fields)
}

function degrade(
  scope: Scope | undefined,
  source: Source,
  level: number,
  event: unknown,
  fields: unknown,
): void {
  try {
    pass(
      scope,
      source,
      level,
      typeof event === 'string' ? event : 'event_without_name',
      copyFields(fields as object),
    )
  } catch (problem) {
    dropped('log', 'encode')
    reportOnce(`emit ${source.name}`, `an event of logger ${source.name} was lost: ${show(problem)}`)
  }
}

export function write(
  scope: Scope | undefined,
  source: Source,
  level: number,
  time: string,
  event: string,
  fields: object | undefined,
): void {
  const name = eventName(event)
  if (scope?.request !== undefined) scope.request.lastEvent = event
  if (stages.on) throughStages(name, scope, source, level, time, event, fields)
  else {
    hand(
      encodeLine(time, source.head(level), name.text, scope?.resolve(), source.bound, fields),
      level,
      ringOf(scope),
    )
  }
  // Last: fields that throw bring the event here a second time.
  name.counts.add(level)
}

function throughStages(
  name: EventName,
  scope: Scope | undefined,
  source: Source,
  level: number,
  time: string,
  event: string,
  fields: object | undefined,
): void {
  const admitted = admit(name, scope, source, level, fields)
  if (admitted.share === 0) return recordIn(scope, source, level, event, fields)
  const result = lineOf(name, scope, source, level, time, event, admitted.fields)
  if (result !== undefined) hand(result.line, result.level, ringOf(scope))
}

function hand(line: string, level: number, ring: Ring | undefined): void {
  if (ring === undefined) return deliver(line, level)
  // In one piece, since it is kept.
  const kept = flat(line)
  ring.add(kept)
  deliver(kept, level)
}
