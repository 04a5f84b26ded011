import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type Node, within } from './nodes.js'

/** `!x`, `x === null`, `x == null`, `x === undefined` of a name. */
export function isAbsence(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'UnaryExpression')
    return inner.operator === '!' && bare(inner.argument).type === 'Identifier'
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return false
  const isNothing =
    (inner.right.type === 'Literal' && inner.right.raw === 'null') ||
    (inner.right.type === 'Identifier' && inner.right.name === 'undefined')
  return isNothing && bare(inner.left).type === 'Identifier'
}

/** The name that a guard asks whether it is there, and what that was given. */
export function askedIn(
  test: Node,
  sourceCode: TSESLint.SourceCode,
): { readonly name: TSESTree.Identifier; readonly init: Node | undefined } | undefined {
  for (const name of within(test)) {
    if (name.type !== 'Identifier') continue
    const variable = variableOf(sourceCode, name)
    return { name, init: variable === undefined ? undefined : initOf(variable) }
  }
  return undefined
}

/** Whether there is anything at all was asked: `if (!(await pathExists(folder)))`, `if (!hasTable)`. */
export function isNonexistence(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(test)
  const argument =
    inner.type === 'UnaryExpression' && inner.operator === '!'
      ? bare(inner.argument)
      : isAbsence(inner)
        ? [...within(inner)].find((each) => each.type === 'Identifier')
        : undefined
  if (argument === undefined) return false
  const variable = argument.type === 'Identifier' ? variableOf(sourceCode, argument) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  const call = init === undefined ? argument : bare(init)
  if (call.type !== 'CallExpression') return false
  const path = pathOf(call.callee)
  // redis.get(key), redis.zRem(key, id): a key that is not there, or was not.
  if (/^(?:redis|cache|kv|memcached)$/i.test(path.at(-2) ?? '')) return true
  if (/^[zsh](?:rem|del)$/i.test(path.at(-1) ?? '')) return true
  const words = wordsOf(tailOf(call.callee))
  return words[0] === 'has' || words.some((word) => /^exists?$/.test(word))
}

/** What came in can't be read: `const message = decode(data)`, `if (!message)`. */
export function isUnreadable(test: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (bare(test).type === 'CallExpression' && tailOf(test) === 'isNaN') return true
  if (!isAbsence(test) && !isRefused(test)) return false
  const init = askedIn(test, sourceCode)?.init
  const call = init === undefined ? undefined : bare(init)
  return call?.type === 'CallExpression' && reading.test(wordsOf(tailOf(call.callee))[0] ?? '')
}

/** `!parsed.success` */
function isRefused(test: Node): boolean {
  const inner = bare(test)
  return (
    inner.type === 'UnaryExpression' &&
    inner.operator === '!' &&
    bare(inner.argument).type === 'MemberExpression' &&
    /^(?:success|ok|valid|isValid)$/.test(tailOf(inner.argument))
  )
}

const reading =
  /^(?:parse|safe|validate|decode|decrypt|inflate|decompress|gunzip|unzip|deserialize|deserialise|unmarshal|unpack|unserialize|read)$/
