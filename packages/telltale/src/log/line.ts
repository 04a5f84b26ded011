import type { Resolved } from '../context/scope.js'
import { encodeFields, maxFields, ownFields } from '../encode/fields.js'
import { keyInfo } from '../encode/key.js'
import { cutKeys } from '../encode/reserved-keys.js'
import { closeBudget, openBudget } from '../encode/value.js'
import { limits } from '../redact/limits.js'
import { pipeline } from './pipeline.js'

/** Fields bound to a logger, encoded when first needed. */
export interface Bound {
  readonly fields: Readonly<Record<string, unknown>>
  readonly json: string
}

/** `{…}\n` from its parts; the later of context, bound and call fields wins. `head` ends before the event's name. */
export function encodeLine(
  time: string,
  head: string,
  event: string,
  context: Resolved | undefined,
  bound: Bound | undefined,
  fields: object | undefined,
): string {
  const saved = openBudget(limits.maxLine)
  try {
    const start = `{"${pipeline.keys.timestamp}":"${time}${head}${event}${pipeline.identity}`
    return `${start}${layers(context, bound, fields)}}\n`
  } finally {
    closeBudget(saved)
  }
}

/** What follows the line's own keys, from the ids on. */
function layers(context: Resolved | undefined, bound: Bound | undefined, fields: object | undefined): string {
  const call = fields === undefined ? '' : encodeFields(fields)
  if (context === undefined && bound === undefined) return call
  if (!collide(context, bound, fields)) return (context?.text ?? '') + (bound?.json ?? '') + call
  const later = ownFields(fields)
  const own = bound === undefined ? '' : encodeFields(bound.fields, later, cutKeys.bound)
  if (context === undefined) return own + call
  return (
    context.ids + encodeFields(context.fields, { ...bound?.fields, ...later }, cutKeys.context) + own + call
  )
}

// `in` may also meet inherited names: that costs the slow way, no more.
function collide(
  context: Resolved | undefined,
  bound: Bound | undefined,
  fields: object | undefined,
): boolean {
  if (context !== undefined && bound !== undefined) {
    for (const name in bound.fields) if (name in context.fields) return true
  }
  let count = 0
  for (const name in fields) {
    if (mayCollide(name, context, bound)) return true
    // What comes after is cut.
    if (++count === maxFields) break
  }
  return false
}

function mayCollide(name: string, context: Resolved | undefined, bound: Bound | undefined): boolean {
  if (context !== undefined && name in context.fields) return true
  if (bound !== undefined && name in bound.fields) return true
  const { reserved, errorName, altered } = keyInfo(name)
  // Written under another name, which may be taken.
  return reserved || altered || (errorName && name === 'err')
}
