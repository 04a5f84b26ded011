import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { type Handler, handlerOf } from '../ast/caught.js'
import { isLanguageError } from '../ast/causes.js'
import { variableOf } from '../ast/bindings.js'
import { tailOf } from '../ast/names.js'
import { functionOf, type Node } from '../ast/nodes.js'
import type { Signal } from './signal.js'

/** A new error: `new Error('x')`, `Error('x')`. */
export type MadeError = TSESTree.NewExpression | TSESTree.CallExpression

interface Look {
  readonly sourceCode: TSESLint.SourceCode
  signalOf(call: TSESTree.CallExpression): Signal | undefined
}

/** `Error('x')` makes what `new Error('x')` makes. */
export function isErrorByCall({ callee }: TSESTree.CallExpression, sourceCode: TSESLint.SourceCode): boolean {
  return (
    callee.type === 'Identifier' &&
    isLanguageError(callee.name) &&
    variableOf(sourceCode, callee) === undefined
  )
}

/** Thrown, returned, rejected with, given to a callback or a log, by way of a constant, too. */
export function isHandedOut(made: MadeError, look: Look): boolean {
  const { parent } = made
  if (parent.type !== 'VariableDeclarator') return isGivenAway(made, look)
  const variable = parent.id.type === 'Identifier' ? variableOf(look.sourceCode, parent.id) : undefined
  const uses = variable?.references.filter(({ identifier }) => identifier !== parent.id) ?? []
  return (
    uses.some(({ identifier }) => isGivenAway(identifier, look)) &&
    uses.every(({ identifier }) => isGivenAway(identifier, look) || isOfPart(identifier))
  )
}

function isGivenAway(node: Node, look: Look): boolean {
  const { parent } = node
  if (parent?.type === 'ThrowStatement' || parent?.type === 'ReturnStatement') return true
  // .catch(() => new Error('x'))
  if (parent?.type === 'ArrowFunctionExpression') return parent.body === node
  if (parent?.type !== 'CallExpression' || parent.callee === node) return false
  if (/^(?:reject|next|cb|callback|done|destroy|fail)$/.test(tailOf(parent.callee))) return true
  const kind = look.signalOf(parent)?.kind
  return kind === 'log' || kind === 'report'
}

/** `wrapped.code = 'E_PAY'`, but not `wrapped.cause = error`. */
function isOfPart(node: Node): boolean {
  const { parent } = node
  return (
    parent?.type === 'MemberExpression' &&
    parent.object === node &&
    /^(?:code|name|status|statusCode|message)$/.test(tailOf(parent))
  )
}

/** The handler that a new error is made in; what is given to `new Promise()` runs at once. */
export function handlerAround(made: Node): Handler | undefined {
  const fn = functionOf(made)
  const holder = fn?.parent
  const isExecutor = holder?.type === 'NewExpression' && tailOf(holder.callee) === 'Promise'
  return handlerOf(isExecutor ? holder : made)
}
