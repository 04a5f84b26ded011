import type { TSESTree } from '@typescript-eslint/utils'
import { isAbsence } from '../ast/absence.js'
import { initOf, localFunction, variableOf } from '../ast/bindings.js'
import { isLookedUpByParameter } from '../ast/fetched.js'
import { functionName, pathOf, tailOf, wordsOf } from '../ast/names.js'
import {
  ancestorsOf,
  bare,
  type FunctionNode,
  isFunction,
  type Node,
  throughout,
  within,
} from '../ast/nodes.js'
import { once } from '../ast/once.js'
import { isEmptyValue } from '../ast/values.js'
import type { Sight } from './sight.js'

/** An answer to the client, or a throw that becomes one. */
export const answersClient = once((statement: Node) =>
  [...within(statement)].some(
    (each) =>
      each.type === 'ThrowStatement' ||
      (each.type === 'CallExpression' && answers.test(pathOf(each.callee).join('.'))) ||
      (each.type === 'AssignmentExpression' &&
        /^(?:ctx|context)\.(?:body|status)$/.test(pathOf(each.left).join('.'))),
  ),
)

/** What the guard asks about comes from a function of this file that tells of its failures itself, or answers the client. */
export function isToldBefore(test: Node, look: Sight): boolean {
  for (const each of within(test)) {
    if (each.type !== 'Identifier') continue
    const variable = variableOf(look.sourceCode, each)
    const init = variable === undefined ? undefined : initOf(variable)
    const call = init === undefined ? undefined : bare(init)
    if (call?.type !== 'CallExpression') continue
    // await users.find(id).catch(() => { res.status(503).end() })
    if (
      call.arguments.some(
        (given) => isFunction(given) && (answersClient(given.body) || isTelling(given.body, look)),
      )
    )
      return true
    // const draft = await transaction(async () => { … if (!locked) return … })
    if (call.arguments.some((given) => isFunction(given) && returnsEarly(given))) return true
    const callee = localFunction(call, look.sourceCode)
    if (callee !== undefined && tells(callee, look)) return true
  }
  return false
}

const tellingIn = new WeakMap<Node, boolean>()

function isTelling(body: Node, look: Sight): boolean {
  const known =
    tellingIn.get(body) ??
    [...within(body)].some((each) => each.type === 'CallExpression' && look.signalOf(each) !== undefined)
  tellingIn.set(body, known)
  return known
}

const returnsEarly = once(({ body }: FunctionNode) =>
  [...within(body)].some(
    (each) => each.type === 'ReturnStatement' && each.parent !== body && isEmptyValue(each.argument),
  ),
)

const returns = once((block: Node) => [...within(block)].some(({ type }) => type === 'ReturnStatement'))

/** Says something where it comes back with nothing. */
function tells(fn: FunctionNode, look: Sight): boolean {
  const known = speaking.get(fn) ?? saysSomething(fn, look)
  speaking.set(fn, known)
  return known
}

const speaking = new WeakMap<FunctionNode, boolean>()

function saysSomething(fn: FunctionNode, look: Sight): boolean {
  for (const each of throughout(fn.body)) {
    if (
      each.type !== 'CallExpression' ||
      (look.signalOf(each) === undefined && !answers.test(pathOf(each.callee).join('.')))
    )
      continue
    for (const holder of ancestorsOf(each)) {
      if (isFunction(holder) || holder.type === 'CatchClause') return true
      if (holder.type === 'BlockStatement' && holder !== fn.body) {
        if (returns(holder)) return true
        break
      }
    }
  }
  return false
}

const answers =
  /^(?:res|response|reply|ctx|c)\.(?:status|code|send|json|end|throw|sendStatus|redirect|notFound)\b/

const reading = /^(?:get|find|fetch|load|read|list|query|search|resolve|lookup|select|count)$/
const job =
  /^(?:import|importer|export|exporter|job|worker|processor|task|listener|handler|consumer|cron|queue|subscriber|event|webhook|scheduler|sweep|sweeper|notification|notifier|mailer)s?$/
const jobName = /^(?:handle|process|perform|run|execute|consume|work|on[A-Z]\w*|tick)$/

/** A lookup by what the caller gave that answers "not found" by a value: it knows what that means. */
export function isToldToCaller(
  { argument }: TSESTree.ReturnStatement,
  test: Node,
  fn: FunctionNode,
  { filename, sourceCode }: Sight,
): boolean {
  if (argument == null || !isEmptyValue(argument)) return false
  // By the file's own name: a folder may be that of the checkout.
  const place = filename.split(/[\\/]/).at(-1) ?? ''
  if (wordsOf(place).some((word) => job.test(word)) || jobName.test(functionName(fn) ?? '')) return false
  const [verb = ''] = wordsOf(functionName(fn) ?? '')
  if (
    !reading.test(verb) &&
    !(
      (isAbsence(test) || (isNone(argument) && asksAbsence(test))) &&
      isLookedUpByParameter(test, fn, sourceCode)
    )
  )
    return false
  return givesValue(fn)
}

const giving = new WeakMap<FunctionNode, boolean>()

/** Whether it returns anything that is not empty. */
function givesValue(fn: FunctionNode): boolean {
  const known = giving.get(fn)
  if (known !== undefined) return known
  const gives = [...within(fn.body)].some(
    (each) => each.type === 'ReturnStatement' && !isEmptyValue(each.argument),
  )
  giving.set(fn, gives)
  return gives
}

function isNone(node: Node): boolean {
  return node.type === 'Literal' ? node.raw === 'null' : tailOf(node) === 'undefined'
}

/** `!found`, `!found || found.revokedAt` */
function asksAbsence(test: Node): boolean {
  let inner = bare(test)
  while (inner.type === 'LogicalExpression' && inner.operator === '||') inner = bare(inner.left)
  return isAbsence(inner)
}
