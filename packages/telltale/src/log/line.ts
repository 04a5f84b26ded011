import type { Resolved } from '../context/scope.js'
import { copyFields } from '../encode/copy.js'
import { encodeFields } from '../encode/fields.js'
import { withBudget } from '../encode/value.js'
import { pipeline } from './pipeline.js'

const maxLine = 262_144

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
  return withBudget(maxLine, () => {
    const ids = context === undefined ? '' : context.ids
    const start = `{"${pipeline.keys.timestamp}":"${time}${head}${event}${pipeline.identity}${ids}`
    return `${start}${layers(context, bound, fields)}}\n`
  })
}

function layers(context: Resolved | undefined, bound: Bound | undefined, fields: object | undefined): string {
  const call = fields === undefined ? '' : encodeFields(fields)
  if (context === undefined && bound === undefined) return call
  if (!collide(context, bound, fields)) return (context?.json ?? '') + (bound?.json ?? '') + call
  const later = names(fields)
  const own = bound === undefined ? '' : encodeFields(bound.fields, later)
  const around =
    context === undefined ? '' : encodeFields(context.fields, Object.assign(copyFields(bound?.fields), later))
  return around + own + call
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
  for (const name in fields) {
    const written = name === 'err' ? 'error' : name
    if (context !== undefined && (written in context.fields || name in context.fields)) return true
    if (bound !== undefined && (written in bound.fields || name in bound.fields)) return true
  }
  return false
}

function names(fields: object | undefined): Record<string, unknown> {
  const all = copyFields(fields)
  if ('err' in all) all['error'] = undefined
  return all
}
