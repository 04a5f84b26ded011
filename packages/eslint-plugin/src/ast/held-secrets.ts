import type { TSESLint } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import type { Carried } from './carried.js'
import { memberName } from './names.js'
import { bare, type Node } from './nodes.js'
import { once } from './once.js'
import { isOtherToken } from './other-tokens.js'
import type { Variable } from './variables.js'

/**
 * A secret that is known to be in what is told whole, as it is written where it is read: `options.password` of `options`.
 * Undefined where it was taken out, or where nothing in the file reads one.
 */
export function heldSecret(
  { node, inText, isSpelledOut }: Carried,
  namesSecret: (name: string) => boolean,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  if (node.type !== 'Identifier' || (inText && !isSpelledOut)) return undefined
  const variable = variableOf(sourceCode, node)
  if (variable === undefined || /^(?:err|error|e|res|response)$/.test(node.name)) return undefined
  const known = heldBy(namesSecret)
  const asked = known.get(variable)
  const name =
    asked === undefined
      ? (writtenIn(variable, namesSecret) ?? readOf(variable, namesSecret, sourceCode))
      : (asked ?? undefined)
  if (asked === undefined) known.set(variable, name ?? null)
  return name === undefined ? undefined : `${node.name}.${name}`
}

/** The secret that each variable holds, by what tells their names. */
const heldBy = once((_namesSecret: (name: string) => boolean) => new WeakMap<Variable, string | null>())

/** `const options = { user, password }` */
function writtenIn(variable: Variable, namesSecret: (name: string) => boolean): string | undefined {
  const init = initOf(variable)
  const object = init === undefined ? undefined : bare(init)
  if (object?.type !== 'ObjectExpression') return undefined
  for (const each of object.properties) {
    if (each.type !== 'Property' || each.computed || each.key.type !== 'Identifier') continue
    const value = bare(each.value)
    const isValue =
      (value.type === 'Identifier' && value.name !== 'undefined') || value.type === 'MemberExpression'
    if (isValue && namesSecret(each.key.name)) return each.key.name
  }
  return undefined
}

/** `connect(options.url, { password: options.password })`, unless one is deleted or blanked. */
function readOf(
  variable: Variable,
  namesSecret: (name: string) => boolean,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  let found: string | undefined
  for (const { identifier } of variable.references) {
    const member = identifier.parent as Node
    if (member.type !== 'MemberExpression' || member.object !== (identifier as Node)) continue
    const name = memberName(member) ?? ''
    // A pin is a board's as well.
    if (name === 'pin' || !namesSecret(name) || isOtherToken(member, sourceCode)) continue
    const { parent } = member
    if (parent.type === 'UnaryExpression' && parent.operator === 'delete') return undefined
    if (parent.type === 'AssignmentExpression' && parent.left === member) return undefined
    if (parent.type === 'MemberExpression' || (parent.type === 'CallExpression' && parent.callee === member))
      continue
    found ??= name
  }
  return found
}
