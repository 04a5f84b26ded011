import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isError, textOfError } from '../ast/errors.js'
import { pathOf, snakeCase, tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { hasComments, isParenthesised } from '../ast/parentheses.js'
import { quoted } from '../ast/quotes.js'
import type { Text } from '../ast/texts.js'
import { type Form, keyOf, type Message } from './message.js'
import { isReserved } from './reserved.js'

/** How a call is written with its holes as fields. */
export interface Unfolding {
  readonly edits: readonly { readonly range: readonly [number, number]; readonly text: string }[]
  /** Nothing is left out of the text, read later than before, or at odds with a field that is there. */
  readonly isSafe: boolean
}

/**
 * The edits that make fields of what a text has in its holes; undefined where a hole is more than a plain name, where two
 * would have one name, or where nothing that reads well is left of the text.
 */
export function unfold(
  call: TSESTree.CallExpression,
  { node, at, form }: Message,
  { texts, holes }: Text,
  isEvent: boolean,
  sourceCode: TSESLint.SourceCode,
): Unfolding | undefined {
  const text = isEvent ? eventName(texts) : sentence(texts)
  if (text === undefined || form === undefined || at < 0) return undefined
  if (hasComments(node, sourceCode) || isParenthesised(node, sourceCode)) return undefined
  const names = new Map<string, string>()
  for (const hole of holes) {
    const field = fieldOf(hole, form, isEvent, sourceCode)
    if (field === undefined || (names.get(field.name) ?? field.value) !== field.value) return undefined
    names.set(field.name, field.value)
  }
  const insertion = fieldsInto(call, at, form, names, sourceCode)
  if (insertion === undefined) return undefined
  const edits = [{ range: node.range, text: quoted(text, sourceCode) }, insertion]
  return {
    edits: edits.sort((a, b) => a.range[0] - b.range[0]),
    isSafe:
      !insertion.isAmongUnknown &&
      holes.every((each) => each.type === 'Identifier') &&
      !texts.some((each, index) => index < holes.length && hangs(each)),
  }
}

/** `['Candidate of ', ' connected']` → `candidate_connected`; of one word nothing is left to search for. */
function eventName(texts: readonly string[]): string | undefined {
  const name = snakeCase(withoutHoles(texts))
  return /^[a-z]\w*_\w/.test(name) ? name : undefined
}

function sentence(texts: readonly string[]): string | undefined {
  // Of `${done} of ${all} sent, ${failed} failed` no sentence is left.
  const inner = texts.slice(1, -1).filter((each) => /\w/.test(each))
  const last = texts.at(-1) ?? ''
  if (inner.length > 0 && /\w/.test(last)) return undefined
  const text = withoutHoles(texts)
  return text.split(' ').length > 1 && /^\w/.test(text) ? text : undefined
}

const dangling = /(?:^|\s)(?:of|for|to|from|in|at|on|with|by|after|as|is|the)\s*["'(#]?$/i
// checked in, logged on: part of the verb.
const particle = /\b(?:check|log|sign|opt|clock|move|turn|switch|dial|plug)\w*\s+(?:in|on)\s*["'(#]?$/i

/** A word at the end has nothing to stand before when the hole is gone. */
function hangs(text: string): boolean {
  return dangling.test(text) && !particle.test(text)
}

function withoutHoles(texts: readonly string[]): string {
  const last = texts.length - 1
  return (
    texts
      .map((text, index) =>
        (index < last && hangs(text) ? text.replace(dangling, ' ') : text).replace(
          /^["')]/,
          index > 0 ? '' : '$&',
        ),
      )
      .join(' ')
      // Each begins where its run does: else every place of a long one would be tried.
      .replace(/(?<!\s)\s+([,.;:])/g, '$1')
      .replace(/\s+/g, ' ')
      .replace(/(?<![\s,.;:=(#-])[\s,.;:=(#-]+$/, '')
      .trim()
  )
}

interface Field {
  readonly name: string
  readonly value: string
}

const general =
  /^(?:_?id|name|key|type|kind|length|size|count|status|state|number|code|url|email|data|value|title|path|slug)$/
const carriers =
  /^(?:this|params|query|body|data|props|payload|args|input|options|config|req|request|ctx|context|env)$/

/** The name that a field has for a hole: `user.id` → `userId`, or `user_id` beside an event's name. */
function fieldOf(
  hole: Node,
  form: Form,
  isEvent: boolean,
  sourceCode: TSESLint.SourceCode,
): Field | undefined {
  const error = isError(hole, sourceCode) ? bare(hole) : textOfError(hole, sourceCode)
  if (error !== undefined)
    return form === 'text, fields' || error.type !== 'Identifier'
      ? undefined
      : { name: form === 'event, fields' ? 'error' : 'err', value: error.name }
  const inner = bare(hole)
  const path = pathOf(inner)
  if (!isPlain(inner) || path.some((name) => name === '')) return undefined
  const [holder = '', last = ''] = [path.at(-2), path.at(-1)]
  const own = last.replace(/^_/, '')
  const isHeld = general.test(last) && holder !== '' && !carriers.test(holder)
  const name = !isHeld ? own : last === 'length' ? holder : `${holder}_${own}`
  const field = isEvent ? snakeCase(name) : camelCase(name)
  if (inner.type === 'ThisExpression' || isReserved(field) || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(field))
    return undefined
  return { name: field, value: sourceCode.getText(hole) }
}

/** Names alone: reading them twice or later does nothing. */
function isPlain(node: Node): boolean {
  const inner = bare(node)
  if (inner !== node && node.type === 'AwaitExpression') return false
  if (inner.type === 'Identifier' || inner.type === 'ThisExpression') return true
  return inner.type === 'MemberExpression' && !inner.computed && isPlain(inner.object)
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

interface Insertion {
  readonly range: readonly [number, number]
  readonly text: string
  /** Whether it goes into an object with members whose names are not in sight. */
  readonly isAmongUnknown: boolean
}

/** Where the fields go: into the object that is there, or an object of their own. */
function fieldsInto(
  call: TSESTree.CallExpression,
  at: number,
  form: Form,
  names: ReadonlyMap<string, string>,
  sourceCode: TSESLint.SourceCode,
): Insertion | undefined {
  // exception('event', error, fields)
  const isAfterError = form === 'event, fields' && tailOf(call.callee) === 'exception'
  const position = form === 'fields, text' ? at - 1 : isAfterError ? at + 2 : at + 1
  const place = call.arguments[position]
  const written = [...names].map(([name, value]) => (name === value ? name : `${name}: ${value}`)).join(', ')
  if (place === undefined) {
    if (form === 'fields, text') {
      const start = call.arguments[at]?.range[0] ?? 0
      if (call.arguments.length > 1) return undefined
      return { range: [start, start], text: `{ ${written} }, `, isAmongUnknown: false }
    }
    const before = call.arguments[position - 1]
    if (before === undefined || before.type === 'SpreadElement' || isParenthesised(before, sourceCode))
      return undefined
    return { range: [before.range[1], before.range[1]], text: `, { ${written} }`, isAmongUnknown: false }
  }
  if (place.type !== 'ObjectExpression' || (form === 'fields, text' && call.arguments.length > at + 1))
    return undefined
  return intoObject(place, names, written)
}

function intoObject(
  object: TSESTree.ObjectExpression,
  names: ReadonlyMap<string, string>,
  written: string,
): Insertion | undefined {
  const keys = object.properties.map((each) => (each.type === 'Property' ? keyOf(each) : undefined))
  if (keys.some((each) => each !== undefined && names.has(each))) return undefined
  const last = object.properties.at(-1)
  const start = object.range[0] + 1
  if (last === undefined) return { range: [start, start], text: ` ${written} `, isAmongUnknown: false }
  if (!keys.includes(undefined)) return { range: [start, start], text: ` ${written},`, isAmongUnknown: false }
  // What the text has told is not to be lost behind `...context`.
  return { range: [last.range[1], last.range[1]], text: `, ${written}`, isAmongUnknown: true }
}
