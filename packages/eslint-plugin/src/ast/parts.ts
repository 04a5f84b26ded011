import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { askedIn, isAbsence } from './absence.js'
import { variableOf } from './bindings.js'
import { pathOf, snakeCase, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, type Node, within } from './nodes.js'
import { isWantedMissing } from './wanted.js'

/** A part that some have and others don't: `!team?.slackWebhook`. Not one that the work needs, an address above all. */
export function isOptionalPart(test: Node, fn: FunctionNode, sourceCode: TSESLint.SourceCode): boolean {
  if (isWantedMissing(test)) return false
  if (isAbsence(test) && (isTakenFromOther(test, sourceCode) || isOfFew(test, sourceCode))) return true
  const inner = bare(test)
  if (inner.type !== 'UnaryExpression' || inner.operator !== '!') return false
  const part = bare(inner.argument)
  if (part.type !== 'MemberExpression') return false
  if (wordsOf(tailOf(part)).some((word) => integrations.test(word))) return true
  if (isRelation(part, fn)) return false
  // !tenant?.profile: no tenant at all is the same to it.
  if (part.optional) return false
  const path = pathOf(part)
  // What was set for all, and what has not happened yet.
  if (/^(?:settings?|preferences|prefs)$/.test(path[0] ?? '')) return false
  const words = wordsOf(path.at(-1) ?? '')
  return !(words.length > 1 && words.at(-1) === 'at')
}

/** By its name a thing that not everyone has, `!invitation`; not one that was asked for by its own id. */
function isOfFew(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const { name, init } = askedIn(test, sourceCode) ?? {}
  const noun = wordsOf(name?.name ?? '').at(-1) ?? ''
  if (!few.test(noun)) return false
  if (init === undefined) return true
  if (/(?:ById|ByPk|byId)$/.test(tailOf(init))) return false
  return ![...within(init)].some(
    (each) =>
      each.type === 'Identifier' && [`${noun}_id`, 'id'].includes(snakeCase(each.name)) && !isPart(each),
  )
}

const few =
  /^(?:bonus|coupon|discount|experiment|integration|invitation|invite|link|override|promotion|quota|rollout|variant)$/

/** `.id` of another thing. */
function isPart({ parent }: TSESTree.Identifier): boolean {
  return parent.type === 'MemberExpression' && !parent.computed
}

/** `const link = ticket?.customer.link`, `const { assigneeId } = ticket`: what is asked for under a name of its own. */
function isTakenFromOther(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const name = [...within(test)].find((each) => each.type === 'Identifier')
  const variable = name === undefined ? undefined : variableOf(sourceCode, name)
  const declaration = variable?.defs[0]?.node as Node | undefined
  if (declaration?.type !== 'VariableDeclarator' || declaration.init == null) return false
  const init = bare(declaration.init)
  if (declaration.init.type === 'AwaitExpression') return false
  return init.type === 'ConditionalExpression'
    ? [init.consequent, init.alternate].every((each) => bare(each).type === 'MemberExpression')
    : init.type === 'MemberExpression' && !init.computed
}

// What some have connected, and others not.
const integrations = /^(?:slack|discord|telegram|teams|webhook|hook|hub|auto|integration)$/

/** Its own parts are read: `shipment.order.id` after `if (!shipment?.order) return`. */
function isRelation(part: Node, fn: FunctionNode): boolean {
  return (readUntil(fn).get(pathOf(part).join('.')) ?? 0) > part.range[1]
}

const reads = new WeakMap<FunctionNode, ReadonlyMap<string, number>>()

/** Where a function reads a part of something for the last time, by the path of what has it. */
function readUntil(fn: FunctionNode): ReadonlyMap<string, number> {
  const known = reads.get(fn)
  if (known !== undefined) return known
  const until = new Map<string, number>()
  for (const each of within(fn.body)) {
    if (each.type !== 'MemberExpression' || each.parent.type === 'CallExpression') continue
    const path = pathOf(each.object).join('.')
    until.set(path, Math.max(until.get(path) ?? 0, each.object.range[0]))
  }
  reads.set(fn, until)
  return until
}
