import type { Scope } from '../context/scope.js'
import { copyFields } from '../encode/copy.js'
import { slot } from '../state/state.js'
import { callerStack, callSite } from './call-site.js'
import { type EventName, eventName } from './events.js'
import { gates } from './gate.js'
import { encodeLine } from './line.js'
import { processed, processing, type Processor } from './processors.js'
import type { Source } from './source.js'

interface Stages {
  /** Whether anything stands between an event and its line: nothing in the list costs nothing. */
  on: boolean
  processors: readonly Processor[]
  callSite: boolean
  /** The level from which on events carry the stack of the call. */
  stackFrom: number
}

/** What an event passes on its way to its line, where the options ask for it: gate, call site, processors. */
export const stages = slot<Stages>('log.stages', () => ({
  on: false,
  processors: [],
  callSite: false,
  stackFrom: Infinity,
}))

// What Telltale says of itself is neither limited nor changed.
const own = 'telltale'

/** The share of which an event passes, 0 where it is suppressed; and its fields, with what the options add. */
export function admit(
  name: EventName,
  scope: Scope | undefined,
  source: Source,
  level: number,
  fields: object | undefined,
): { share: number; fields: object | undefined } {
  const share = gates.on && source.name !== own ? name.gate.admit(level, scope) : 1
  if (share === 0) return { share, fields }
  // First, since a line holds so many fields and no more; and last, since it is not the caller's to say.
  const rate = share < 1 ? { sample_rate: share } : undefined
  const located = (stages.callSite || level >= stages.stackFrom) && source.name !== own
  if (rate === undefined && !located) return { share, fields }
  const call = located ? callFields(level, { ...scope?.resolve().fields, ...source.bound?.fields }) : {}
  return { share, fields: { ...rate, ...call, ...copyFields(fields), ...rate } }
}

/** The event's line after the processors, or undefined where one drops it. */
export function lineOf(
  name: EventName,
  scope: Scope | undefined,
  source: Source,
  level: number,
  time: string,
  event: string,
  fields: object | undefined,
): { line: string; level: number } | undefined {
  if (stages.processors.length === 0 || source.name === own || processing.busy) {
    const line = encodeLine(time, source.head(level), name.text, scope?.resolve(), source.bound, fields)
    return { line, level }
  }
  const left = processed(stages.processors, scope, source, level, time, event, fields)
  if (left === undefined) return undefined
  const text = left.event === event ? name.text : eventName(left.event).text
  const ids = scope?.resolve().ids ?? ''
  const context = { ids, json: '', fields: {}, text: ids }
  return {
    line: encodeLine(time, source.head(left.level), text, context, undefined, left.fields),
    level: left.level,
  }
}

/** Where and how the event was raised, but for names that context or logger have fields of. */
function callFields(level: number, taken: object): object {
  const stack = callerStack()
  const fields: Record<string, unknown> = {
    ...(stages.callSite && callSite(stack)),
    ...(level >= stages.stackFrom && { stack }),
  }
  for (const name of Object.keys(fields)) if (Object.hasOwn(taken, name)) delete fields[name]
  return fields
}
