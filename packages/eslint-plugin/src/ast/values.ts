import type { TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf } from './names.js'
import { bare, type Node } from './nodes.js'

/** Nothing that would tell the caller why: nothing at all, `undefined`, `null`, `false`, `0`, `''`, `[]`, `{}`. */
export function isEmptyValue(node: Node | null | undefined): boolean {
  if (node == null) return true
  const value = bare(node)
  switch (value.type) {
    case 'Literal':
      return value.value === null
        ? value.raw === 'null'
        : value.value === false || value.value === 0 || value.value === ''
    case 'Identifier':
      return value.name === 'undefined'
    case 'ArrayExpression':
      return value.elements.length === 0
    case 'ObjectExpression':
      if (isBareYes(value)) return true
      // { sent: 0, failed: [] } counts what was not done.
      return value.properties.every((each) => each.type === 'Property' && isEmptyValue(each.value))
    case 'UnaryExpression':
      return value.operator === 'void' && value.argument.type === 'Literal'
    case 'TemplateLiteral':
      return value.expressions.length === 0 && value.quasis[0]?.value.raw === ''
    case 'NewExpression':
      return (
        value.arguments.length === 0 && ['Map', 'Set', 'Array'].includes(pathOf(value.callee).at(-1) ?? '')
      )
    case 'CallExpression':
      return isResolved(value) || isBareCallback(value) || isBareSuccess(value) || isBareAnswer(value)
    default:
      return false
  }
}

/** `'skipped'`, `JobStatus.Failed`: that it was left out, but not what for. */
export function isBareOutcome(node: Node): boolean {
  const value = bare(node)
  const word = value.type === 'Literal' ? value.value : isOfEnum(value) ? pathOf(value).at(-1) : undefined
  return typeof word === 'string' && /^(?:skip|skipped|ignored|failed|noop)$/i.test(word)
}

function isOfEnum(value: Node): boolean {
  return value.type === 'MemberExpression' && /^[A-Z]/.test(pathOf(value)[0] ?? '')
}

/** `Promise.resolve()`, `Promise.resolve(null)`. */
function isResolved(call: TSESTree.CallExpression): boolean {
  return pathOf(call.callee).join('.') === 'Promise.resolve' && isEmptyValue(call.arguments[0])
}

/** `ok()`, `Ok(undefined)`, `right(null)`: a result that says that all went well, and holds nothing. */
function isBareSuccess({ callee, arguments: given }: TSESTree.CallExpression): boolean {
  return (
    /^(?:ok|okAsync|Ok|right|Right|succeed|success)$/.test(pathOf(callee).at(-1) ?? '') &&
    given.every((each) => isEmptyValue(each))
  )
}

/** `{ ok: true }`: it has arrived, whatever became of it. */
function isBareYes({ properties: [only, ...others] }: TSESTree.ObjectExpression): boolean {
  return (
    only?.type === 'Property' &&
    others.length === 0 &&
    only.key.type === 'Identifier' &&
    /^(?:ok|success|received|accepted|acknowledged)$/.test(only.key.name) &&
    only.value.type === 'Literal' &&
    only.value.value === true
  )
}

/** `res.sendStatus(200)`, `reply.code(204).send()`, `c.body(null, 204)`: the client is told that all went well. */
export function isBareAnswer(call: TSESTree.CallExpression): boolean {
  const path = pathOf(call.callee)
  if (!/^(?:res|response|reply|ctx|context|c)$/.test(path[0] ?? '')) return false
  if (!/^(?:sendStatus|send|end|body)$/.test(path.at(-1) ?? '')) return false
  const given = [...argumentsAlong(call)]
  return given.every(
    (each) =>
      isEmptyValue(each) || (each.type === 'Literal' && typeof each.value === 'number' && each.value < 300),
  )
}

/** Those of `reply.code(204).send()`, from the last call to the first. */
function* argumentsAlong(call: TSESTree.CallExpression): Generator<Node> {
  for (let each: Node = call; each.type === 'CallExpression';) {
    yield* each.arguments
    const callee: Node = bare(each.callee)
    if (callee.type !== 'MemberExpression') return
    each = bare(callee.object)
  }
}

/** `done()`, `callback(null)`: a caller that is told nothing either. */
export function isBareCallback({ callee, arguments: given }: TSESTree.CallExpression): boolean {
  return (
    callee.type === 'Identifier' &&
    /^(?:done|cb|callback)$/.test(callee.name) &&
    given.every((each) => isEmptyValue(each))
  )
}

/** `rows.length`, `map.size`, `openCount`. */
export function isSize(node: Node): boolean {
  const tail = tailOf(node)
  return (
    /^(?:length|size|count|total|totalCount)$/.test(tail) ||
    /(?<!row|modified|matched|deleted|affected)(?:Count|_count|Length|Size)$/.test(tail)
  )
}
