import type { TSESTree } from '@typescript-eslint/utils'
import { localFunction, variableOf } from '../ast/bindings.js'
import { isEffect } from '../ast/effects.js'
import { isBodyRead, isProbing } from '../ast/probes.js'
import { functionName, pathOf, tailOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, bare, isFunction, type Node, throughout, within } from '../ast/nodes.js'
import { once } from '../ast/once.js'
import type { Sight } from './sight.js'

/** Nothing in it tells, and the error goes nowhere. What was `tried` says which answers to the client tell enough. */
export function isSilent(
  body: Node,
  param: Node | null | undefined,
  look: Sight,
  tried?: TSESTree.BlockStatement,
): boolean {
  const names = namesIn(param)
  const isOfWork = tried !== undefined && doesWork(tried)
  for (const each of throughout(body)) {
    if (each.type === 'ThrowStatement') return false
    if (each.type === 'CallExpression') {
      if (passesOn(each, look) || triesAgain(each)) return false
      // A bare 409 for whatever went wrong in the work is no reason.
      if (refuses(each, look) && !(isOfWork && isGeneral(each))) return false
    }
    if (each.type === 'NewExpression' && answersWith(each)) return false
    if (each.type === 'Identifier' && names.has(each.name) && isHandedOn(each, body, look)) return false
  }
  return true
}

/** Something is written or sent, and the caller's input is not all that can be wrong with it. */
function doesWork(block: TSESTree.BlockStatement): boolean {
  for (const each of within(block)) {
    if (each.type !== 'AwaitExpression') continue
    const call = bare(each)
    if (call.type === 'CallExpression' && isEffect(call) && !isBodyRead(call) && !isProbing(call)) return true
  }
  return false
}

/** A 400, a 409, a 422; a 401 or a 404 says which of the caller's faults it was. */
function isGeneral(call: TSESTree.CallExpression): boolean {
  return call.arguments.some(
    (each) => each.type === 'Literal' && /^(?:400|409|422)$/.test(String(each.value)),
  )
}

function namesIn(param: Node | null | undefined): Set<string> {
  const names = new Set<string>()
  if (param != null) for (const each of within(param)) if (each.type === 'Identifier') names.add(each.name)
  return names
}

/** All that was waited for is of this file, and tells of a failure before it throws it on. */
export function isToldInside(block: Node, look: Sight): boolean {
  let calls = 0
  for (const each of within(block)) {
    if (each.type !== 'AwaitExpression') continue
    const call = bare(each)
    const fn = call.type === 'CallExpression' ? localFunction(call, look.sourceCode) : undefined
    if (fn === undefined || !tellsAndThrows(fn.body, look)) return false
    calls++
  }
  return calls > 0
}

function tellsAndThrows(body: Node, look: Sight): boolean {
  const known = tellingIn.get(body)
  if (known !== undefined) return known
  const tried = new Set<Node>()
  for (const each of within(body)) {
    if (each.type !== 'TryStatement' || each.handler === null) continue
    const parts = [...within(each.handler.body)]
    if (
      parts.some(({ type }) => type === 'ThrowStatement') &&
      parts.some((part) => part.type === 'CallExpression' && tellsFailure(part, look))
    )
      tried.add(each.block)
  }
  const waits = [...within(body)].filter(({ type }) => type === 'AwaitExpression')
  const tells = waits.every((wait) => [...ancestorsOf(wait)].some((each) => tried.has(each)))
  tellingIn.set(body, tells)
  return tells
}

const tellingIn = new WeakMap<Node, boolean>()

function tellsFailure(call: TSESTree.CallExpression, look: Sight): boolean {
  const kind = look.signalOf(call)?.kind
  return kind === 'log' || kind === 'report'
}

/** It hands over to what knows of failures. A log without the error, or a count, is a hint that something was lost. */
function passesOn(call: TSESTree.CallExpression, look: Sight): boolean {
  const method = tailOf(call.callee)
  if (look.signalOf(call) !== undefined) return false
  return /^(?:reject|next|fail|abort|exit|done|cb|callback|onError|handleError|moveToFailed)$/.test(method)
}

/** `new Response('bad json', { status: 400 })` */
function answersWith({
  callee,
  arguments: given,
}: TSESTree.NewExpression | TSESTree.CallExpression): boolean {
  return pathOf(callee).some((name) => name.endsWith('Response')) && given.some(hasStatus)
}

function hasStatus(node: Node): boolean {
  return (
    node.type === 'ObjectExpression' &&
    node.properties.some(
      (each) =>
        each.type === 'Property' &&
        'name' in each.key &&
        each.key.name === 'status' &&
        each.value.type === 'Literal' &&
        /^4\d\d$/.test(String(each.value.value)),
    )
  )
}

const answering = /^(?:problem|status|sendStatus|code|writeHead|json|send|text|body|throw|error|setStatus)$/

/** The client is told that he was at fault: `res.status(404)`, `c.json({ error }, 400)`, `this.notFound()`. */
export function refuses(call: TSESTree.CallExpression, look?: Sight): boolean {
  const method = tailOf(call.callee)
  if (/^(?:notFound|badRequest|unauthorized|forbidden|conflict|unprocessable\w*)$/i.test(method)) return true
  // NextResponse.json({ error }, { status: 404 })
  if (answersWith(call)) return true
  const helper = look === undefined ? undefined : localFunction(call, look.sourceCode)
  if (helper !== undefined && answersSo(helper.body)) return true
  return (
    answering.test(method) &&
    call.arguments.some(
      (each) =>
        each.type === 'Literal' && typeof each.value === 'number' && each.value >= 400 && each.value < 500,
    )
  )
}

/** `function bad(message) { return problem(400, message) }` */
const answersSo = once((body: Node) =>
  [...within(body)].some((each) => each.type === 'CallExpression' && refuses(each)),
)

/** `load(attempt).catch(() => load(attempt + 1))`: the last attempt fails by itself. */
function triesAgain(call: TSESTree.CallExpression): boolean {
  const callee = bare(call.callee)
  const name = tailOf(callee)
  if (callee.type !== 'Identifier' && pathOf(callee)[0] !== 'this') return false
  for (const each of ancestorsOf(call)) if (isFunction(each) && functionName(each) === name) return true
  return false
}

/** It is an argument, it is returned, or it is put where others see it; being asked what it is does not count. */
function isHandedOn(node: Node, body: Node, look: Sight): boolean {
  let inner = node
  for (let each = node.parent; each != null && inner !== body; inner = each, each = each.parent) {
    switch (each.type) {
      case 'CallExpression':
      case 'NewExpression':
        if (each.callee !== inner) return !isQuestion(each)
        break
      case 'ReturnStatement':
      case 'YieldExpression':
        return true
      case 'ArrowFunctionExpression':
        if (each.body === inner) return true
        break
      case 'AssignmentExpression':
        return each.right === inner
      case 'VariableDeclarator':
        return isRead(each.id, look)
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'SwitchStatement':
        if ('test' in each ? each.test === inner : each.discriminant === inner) return false
        break
      default:
    }
  }
  return inner === body && body.type !== 'BlockStatement'
}

/** Whether any of the names that a declaration gives is used again. */
function isRead(declared: Node, { sourceCode }: Sight): boolean {
  for (const each of within(declared)) {
    if (each.type !== 'Identifier') continue
    const variable = variableOf(sourceCode, each)
    if (variable?.references.some((reference) => reference.isRead()) === true) return true
  }
  return false
}

/** `isNotFound(error)`, `error.message.includes('x')`. */
function isQuestion(call: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
  const [first = ''] = wordsOf(tailOf(call.callee))
  return /^(?:is|has|includes|test|match|starts|ends)$/.test(first)
}
