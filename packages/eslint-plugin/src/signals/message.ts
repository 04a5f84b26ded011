import type { TSESTree } from '@typescript-eslint/utils'
import { bare, type Node } from '../ast/nodes.js'
import { textIn } from '../ast/texts.js'
import type { Signal } from './signal.js'

/** In which order a log call is given its text and its fields; undefined where neither module nor arguments tell. */
export type Form = 'event, fields' | 'fields, text' | 'text, fields'

export interface Message {
  /** What says what happened. */
  readonly node: Node
  /** Its position among the arguments; -1 where it is a property of the first. */
  readonly at: number
  readonly form: Form | undefined
  /** Whether the logger's module tells the form. */
  readonly isSure: boolean
}

const fieldsFirst = new Set(['pino', 'bunyan', 'nestjs-pino', 'telltale/pino', 'telltale/fastify'])

/** The form that the calls of a module's loggers have, whatever they are given. */
export function formOf(source: string | undefined): Form | undefined {
  if (source === 'telltale') return 'event, fields'
  if (source === 'winston') return 'text, fields'
  return source !== undefined && fieldsFirst.has(source) ? 'fields, text' : undefined
}

/** The part of a log call that says what happened; undefined where it is not in sight. */
export function messageOf({ call, source, wrapper }: Signal): Message | undefined {
  const given = call.arguments
  if (wrapper !== undefined) return declared(given, wrapper.event, wrapper.fields)
  const [first, second] = given
  if (first === undefined) return undefined
  const isSure = source !== undefined
  if (source === 'telltale') return { node: first, at: 0, form: 'event, fields', isSure }
  const at = positionOf(first, second)
  const node = at < 0 ? propertyOf(first) : given[at]
  if (node === undefined) return undefined
  const form = formOf(source)
  return form === undefined
    ? { node, at, form: shapeOf(given, at), isSure: false }
    : { node, at, form, isSure }
}

function declared(given: readonly Node[], at: number, fields: number): Message | undefined {
  const node = given[at]
  const form = fields === at + 1 ? 'text, fields' : fields === at - 1 ? 'fields, text' : undefined
  return node === undefined ? undefined : { node, at, form, isSure: true }
}

/** `('text')`, `({ fields }, 'text')`, `('category', 'text')`, `({ level, message: 'text' })`. */
function positionOf(first: Node, second: Node | undefined): number {
  const said = second === undefined ? undefined : textIn(second)
  // ('scan_failed', `${error}`): the second has no words of its own.
  if (said !== undefined && (said.holes.length === 0 || /\w/.test(said.texts.join('')))) {
    const text = textIn(first)
    if (text === undefined || (text.holes.length === 0 && /^[\w.:-]+$/.test(text.texts[0] ?? ''))) return 1
  }
  return bare(first).type === 'ObjectExpression' ? (second === undefined ? -1 : 1) : 0
}

function propertyOf(first: Node): Node | undefined {
  const object = bare(first)
  if (object.type !== 'ObjectExpression') return undefined
  for (const each of object.properties)
    if (each.type === 'Property' && /^(?:message|msg)$/.test(keyOf(each) ?? '')) return each.value
  return undefined
}

/** A property's name, where it is written down. */
export function keyOf(property: TSESTree.Property): string | undefined {
  const { key, computed } = property
  if (!computed && key.type === 'Identifier') return key.name
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined
}

function shapeOf(given: readonly Node[], at: number): Form | undefined {
  const isObject = (node: Node | undefined): boolean =>
    node !== undefined && bare(node).type === 'ObjectExpression'
  if (at === 1 && isObject(given[0])) return 'fields, text'
  return at >= 0 && isObject(given[at + 1]) ? 'text, fields' : undefined
}
