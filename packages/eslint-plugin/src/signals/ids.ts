import { ancestorsOf, isFunction, type Node, throughout } from '../ast/nodes.js'
import { pathOf, wordsOf } from '../ast/names.js'
import type { Signal } from './signal.js'

/**
 * An id that a function is given and a call of its own does not tell; undefined where the call tells some id, has fields that
 * are not in sight, or its logger has fields of its own.
 */
export function untoldId({ call }: Signal): string | undefined {
  const given = idGivenTo(call)
  if (given === undefined) return undefined
  const path = pathOf(call.callee)
  if (path.some((name) => /^(?:req|request|ctx|context|c|reply|child|bind|with\w*)$/.test(name)))
    return undefined
  for (const argument of call.arguments) {
    for (const each of throughout(argument)) {
      if (each.type === 'SpreadElement') return undefined
      if (each.type === 'Identifier' && isId(each.name)) return undefined
    }
  }
  return given
}

function idGivenTo(node: Node): string | undefined {
  for (const each of ancestorsOf(node)) {
    if (!isFunction(each)) continue
    for (const name of each.params.flatMap(namesOf)) if (isId(name)) return name
    // A handler or a callback knows what is around it.
    if (each.type === 'FunctionDeclaration' || each.parent.type !== 'CallExpression') return undefined
  }
  return undefined
}

/** The names that a parameter gives, taken apart or not. */
function namesOf(param: Node): string[] {
  switch (param.type) {
    case 'Identifier':
      return [param.name]
    case 'AssignmentPattern':
      return namesOf(param.left)
    case 'ObjectPattern':
      return param.properties.flatMap((each) => (each.type === 'Property' ? namesOf(each.value) : []))
    default:
      return []
  }
}

function isId(name: string): boolean {
  return /^(?:id|uuid|ids)$/.test(wordsOf(name).at(-1) ?? '')
}
