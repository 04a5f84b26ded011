import type { TSESLint } from '@typescript-eslint/utils'
import { variableOf } from './bindings.js'
import { valuesOf } from './fetched.js'
import { pathOf, wordsOf } from './names.js'
import { bare, type Node } from './nodes.js'
import { isSize } from './values.js'

const addresses = new Set(
  'email emails mail phone mobile fax address recipient recipients contact contacts preferences preference'.split(
    ' ',
  ),
)

export const wanted = new Set([
  ...addresses,
  ...'token consent consents verified active enabled valid html content body text name number method'.split(
    ' ',
  ),
])

/** What the work needs and hasn't got, whoever brought it: `if (!order.email)`, `if (!to)`. */
export function isWantedMissing(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return isWantedMissing(inner.left) || isWantedMissing(inner.right)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const path = pathOf(inner.argument)
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => wanted.has(word))
}

// `this.shouldSendEmails`, `sendMail` ask whether, not to whom.
const asking = /^(?:should|is|has|can|use|with|needs|wants|allow|allows|enable|send|notify|include|skip)$/
const request = /^(?:body|req|request|ctx|context|c|query|params|input|dto|args)$/

/** Whom to reach is missing, of a thing that was passed on; not of what a client sends. */
export function isAddressMissing(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    return isAddressMissing(inner.left, sourceCode) || isAddressMissing(inner.right, sourceCode)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  // An empty list that was passed on is no list of nobody.
  if (isSize(inner.argument)) return false
  const root = rootOf(inner.argument)
  const variable = root.type === 'Identifier' ? variableOf(sourceCode, root) : undefined
  const from = variable === undefined ? [] : valuesOf(variable, root).flatMap(pathOf)
  const path = pathOf(inner.argument)
  if ([...path.slice(0, -1), ...from].some((name) => request.test(name))) return false
  if (asking.test(wordsOf(path.at(-1) ?? '')[0] ?? '')) return false
  return path.at(-1) === 'to' || path.flatMap(wordsOf).some((word) => addresses.has(word))
}

function rootOf(node: Node): Node {
  const inner = bare(node)
  if (inner.type === 'MemberExpression') return rootOf(inner.object)
  return inner.type === 'CallExpression' ? rootOf(inner.callee) : inner
}
