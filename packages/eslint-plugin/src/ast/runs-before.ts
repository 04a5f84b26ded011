import { ancestorsOf, isFunction, type Node } from './nodes.js'

/**
 * Whether a node has run whenever a later one is reached: not in a branch, a loop, a `try` or a function of its own that the later
 * one is outside of. In doubt it has not.
 */
export function runsBefore(node: Node, later: Node): boolean {
  const around = new Map<Node, Node>()
  let inner = later
  for (const each of ancestorsOf(later)) {
    // What is hoisted may be called before.
    if (inner.type === 'FunctionDeclaration') return isBelow(node, inner) && runsWithin(node, inner, around)
    around.set(each, inner)
    inner = each
  }
  return runsWithin(node, undefined, around)
}

function isBelow(node: Node, holder: Node): boolean {
  return holder.range[0] <= node.range[0] && node.range[1] <= holder.range[1]
}

function runsWithin(node: Node, end: Node | undefined, around: ReadonlyMap<Node, Node>): boolean {
  let inner = node
  for (const each of ancestorsOf(node)) {
    const later = around.get(each)
    if (later !== undefined) return leadsTo(each, inner, later)
    if (each === end || !isSure(each, inner)) return false
    inner = each
  }
  return false
}

const loops = /^(?:While|DoWhile|For|ForIn|ForOf)Statement$/

/** Whether a part runs whenever the whole does. */
function isSure(whole: Node, part: Node): boolean {
  if (isFunction(whole) || loops.test(whole.type)) return false
  switch (whole.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return whole.test === part
    case 'LogicalExpression':
      return whole.left === part
    case 'AssignmentExpression':
      return !/^(?:\|\||&&|\?\?)=$/.test(whole.operator)
    case 'SwitchStatement':
      return whole.discriminant === part
    case 'TryStatement':
      return whole.finalizer === part
    case 'ChainExpression':
    case 'SwitchCase':
    case 'CatchClause':
    case 'AssignmentPattern':
    case 'LabeledStatement':
    case 'ClassBody':
    case 'WithStatement':
      return false
    default:
      return true
  }
}

/** Whether, of two parts of a whole, the first has run when the second does. */
function leadsTo(whole: Node, first: Node, second: Node): boolean {
  if (first.range[1] > second.range[0]) return false
  switch (whole.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return whole.test === first
    case 'LogicalExpression':
      return whole.left === first
    case 'SwitchStatement':
      return whole.discriminant === first
    case 'ForStatement':
      return second !== whole.update && first !== whole.update
    case 'TryStatement':
      return false
    default:
      return !isFunction(whole) && whole.type !== 'ClassBody'
  }
}
