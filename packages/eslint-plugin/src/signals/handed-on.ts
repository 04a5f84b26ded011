import type { TSESTree } from '@typescript-eslint/utils'
import { functionName, pathOf, tailOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, bare, isFunction, type Node, throughout, within } from '../ast/nodes.js'
import type { Sight } from './sight.js'

/** Nothing in it tells, and the error goes nowhere. */
export function isSilent(body: Node, param: Node | null | undefined, look: Sight): boolean {
  const names = namesIn(param)
  for (const each of throughout(body)) {
    if (each.type === 'ThrowStatement') return false
    if (each.type === 'CallExpression' && (passesOn(each, look) || refuses(each) || triesAgain(each)))
      return false
    if (each.type === 'Identifier' && names.has(each.name) && isHandedOn(each, body)) return false
  }
  return true
}

function namesIn(param: Node | null | undefined): Set<string> {
  const names = new Set<string>()
  if (param != null) for (const each of within(param)) if (each.type === 'Identifier') names.add(each.name)
  return names
}

/** It hands over to what knows of failures. A log without the error, or a count, is a hint that something was lost. */
function passesOn(call: TSESTree.CallExpression, look: Sight): boolean {
  const method = tailOf(call.callee)
  if (look.signalOf(call) !== undefined) return false
  return /^(?:reject|next|fail|abort|exit|done|cb|callback|onError|handleError|moveToFailed)$/.test(method)
}

const answering = /^(?:status|sendStatus|code|writeHead|json|send|text|body|throw|error|setStatus)$/

/** The client is told that he was at fault: `res.status(404)`, `c.json({ error }, 400)`, `this.notFound()`. */
export function refuses(call: TSESTree.CallExpression): boolean {
  const method = tailOf(call.callee)
  if (/^(?:notFound|badRequest|unauthorized|forbidden|conflict|unprocessable\w*)$/i.test(method)) return true
  return (
    answering.test(method) &&
    call.arguments.some(
      (each) =>
        each.type === 'Literal' && typeof each.value === 'number' && each.value >= 400 && each.value < 500,
    )
  )
}

/** `load(attempt).catch(() => load(attempt + 1))`: the last attempt fails by itself. */
function triesAgain(call: TSESTree.CallExpression): boolean {
  const callee = bare(call.callee)
  const name = tailOf(callee)
  if (callee.type !== 'Identifier' && pathOf(callee)[0] !== 'this') return false
  for (const each of ancestorsOf(call)) if (isFunction(each) && functionName(each) === name) return true
  return false
}

/** It is an argument, it is returned, or it is put where others see it; being asked what it is does not count. */
function isHandedOn(node: Node, body: Node): boolean {
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
        return true
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

/** `isNotFound(error)`, `error.message.includes('x')`. */
function isQuestion(call: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
  const [first = ''] = wordsOf(tailOf(call.callee))
  return /^(?:is|has|includes|test|match|starts|ends)$/.test(first)
}
