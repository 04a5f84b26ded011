import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isError, textOfError } from '../ast/errors.js'
import { pathOf, snakeCase, tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import type { Text } from '../ast/texts.js'
import type { Form, Message } from './message.js'

/** How a call is written with its holes as fields. */
export type Edits = readonly { readonly range: readonly [number, number]; readonly text: string }[]

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
): Edits | undefined {
  const text = isEvent ? eventName(texts) : sentence(texts)
  if (text === undefined || form === undefined || at < 0) return undefined
  const names = new Map<string, string>()
  for (const hole of holes) {
    const field = fieldOf(hole, form, isEvent, sourceCode)
    if (field === undefined || (names.get(field.name) ?? field.value) !== field.value) return undefined
    names.set(field.name, field.value)
  }
  const insertion = fieldsInto(call, at, form, names, sourceCode)
  if (insertion === undefined) return undefined
  const edits = [{ range: node.range, text: quoted(text, sourceCode) }, insertion]
  return edits.sort((a, b) => a.range[0] - b.range[0])
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

function withoutHoles(texts: readonly string[]): string {
  const last = texts.length - 1
  return texts
    .map((text, index) =>
      (index < last ? text.replace(dangling, ' ') : text).replace(/^["')]/, index > 0 ? '' : '$&'),
    )
    .join(' ')
    .replace(/\s+([,.;:])/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/[\s,.;:=(#-]+$/, '')
    .trim()
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
  return { name: isEvent ? snakeCase(name) : camelCase(name), value: sourceCode.getText(hole) }
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

/** Where the fields go: into the object that is there, or an object of their own. */
function fieldsInto(
  call: TSESTree.CallExpression,
  at: number,
  form: Form,
  names: ReadonlyMap<string, string>,
  sourceCode: TSESLint.SourceCode,
): { range: readonly [number, number]; text: string } | undefined {
  // exception('event', error, fields)
  const isAfterError = form === 'event, fields' && tailOf(call.callee) === 'exception'
  const position = form === 'fields, text' ? at - 1 : isAfterError ? at + 2 : at + 1
  const place = call.arguments[position]
  const written = [...names].map(([name, value]) => (name === value ? name : `${name}: ${value}`)).join(', ')
  if (place === undefined) {
    if (form === 'fields, text') {
      const start = call.arguments[at]?.range[0] ?? 0
      return call.arguments.length > 1 ? undefined : { range: [start, start], text: `{ ${written} }, ` }
    }
    const end = call.arguments[position - 1]?.range[1]
    return end === undefined ? undefined : { range: [end, end], text: `, { ${written} }` }
  }
  if (place.type !== 'ObjectExpression' || (form === 'fields, text' && call.arguments.length > at + 1))
    return undefined
  const present = new Set(
    place.properties.map((each) => (each.type === 'Property' ? sourceCode.getText(each.key) : '')),
  )
  if ([...names.keys()].some((name) => present.has(name))) return undefined
  const start = place.range[0] + 1
  return { range: [start, start], text: place.properties.length === 0 ? ` ${written} ` : ` ${written},` }
}

/** In the quotes of the file's imports. */
function quoted(text: string, sourceCode: TSESLint.SourceCode): string {
  const isDouble = /(?:\bfrom|\bimport|require\()\s*(["'])/.exec(sourceCode.text)?.[1] === '"'
  return isDouble || text.includes("'") ? JSON.stringify(text) : `'${text.replace(/\\/g, '\\\\')}'`
}
