import type { TSESTree } from '@typescript-eslint/utils'
import { isEffect } from './effects.js'
import { isPredicate } from './functions.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, functionOf, type Node, within } from './nodes.js'
import { textIn } from './texts.js'

/** `await response.json().catch(() => null)`: a body that can't be read is answered, or told, further down. */
export function isBodyRead(node: Node): boolean {
  const call = bare(node)
  return (
    call.type === 'CallExpression' && /^(?:json|text|formData|arrayBuffer|blob)$/.test(tailOf(call.callee))
  )
}

/** `validate(input)` of `validate(input).then(…)`. */
export function asked(node: Node): Node {
  const inner = bare(node)
  return inner.type === 'CallExpression' &&
    inner.callee.type === 'MemberExpression' &&
    /^(?:then|finally)$/.test(tailOf(inner.callee))
    ? asked(inner.callee.object)
    : inner
}

const probing =
  /^(?:JSON|URL|URLSearchParams|decodeURIComponent|decodeURI|atob|from|RegExp|BigInt|require|import|accessSync|access|statSync|existsSync|stat|lstat|readFileSync|fromISO|format|Intl|test|DateTimeFormat|NumberFormat|toASCII|domainToASCII|mkdir|mkdirSync)$/
const asking =
  /^(?:parse|decode|verify|validate|check|assert|authorize|authenticate|ensure|compile|compare|is|has|can|exists|detect|probe|ping)$/
const resolving = /^(?:path|dns|dnsPromises|promises|require|meta|resolver|import)$/

/** Nothing but a question whose answer is the failure: parsing, decoding, looking whether something is there. */
export function isProbe(
  block: TSESTree.BlockStatement,
  tells: (call: TSESTree.CallExpression) => boolean,
): boolean {
  const all = [...within(block)]
  if (!all.some(({ type }) => type === 'AwaitExpression') && all.some(isReading)) return true
  for (const each of within(block)) {
    if (each.type === 'AwaitExpression' && !isProbing(each.argument)) return false
    if (each.type !== 'CallExpression' || !isStatement(each)) continue
    // A log that fails can't be logged.
    if (!isProbing(each) && isEffect(each) && !tells(each)) return false
  }
  return true
}

/** `try { parse('') ; assert.fail() } catch {}`: it had to fail. */
export function isExpected(block: TSESTree.BlockStatement): boolean {
  const last = block.body.at(-1)
  return (
    last?.type === 'ExpressionStatement' &&
    /^(?:fail|unreachable|assertUnreachable)$/.test(tailOf(last.expression))
  )
}

/** `JSON.parse(text)`, `new URL(text)`: what comes after it without waiting is about what was read. */
function isReading(node: Node): boolean {
  if (node.type === 'NewExpression') return /^(?:URL|RegExp)$/.test(tailOf(node.callee))
  return node.type === 'CallExpression' && pathOf(node.callee).join('.') === 'JSON.parse'
}

export function isProbing(node: Node): boolean {
  const inner = bare(node)
  if (isPause(inner)) return true
  if (inner.type === 'ImportExpression' || asksForOne(inner)) return true
  const name = tailOf(inner)
  const [first = ''] = pathOf(inner)
  // canThis(user).assign.role(role)
  return (
    probing.test(name) ||
    asking.test(wordsOf(name)[0] ?? '') ||
    // jwtVerify(token, key)
    /^(?:verify|decode)$/.test(wordsOf(name).at(-1) ?? '') ||
    isResolving(pathOf(inner)) ||
    // It may be full, or forbidden.
    /^(?:local|session)Storage$/.test(pathOf(inner).at(-2) ?? '') ||
    /^(?:can|may)$/.test(wordsOf(first)[0] ?? '')
  )
}

/** `db.query('select 1')`: whether the database answers. */
function asksForOne(node: Node): boolean {
  if (node.type === 'TaggedTemplateExpression') return isSelectOne(node.quasi)
  const [first] = node.type === 'CallExpression' ? node.arguments : []
  return first !== undefined && isSelectOne(first.type === 'TaggedTemplateExpression' ? first.quasi : first)
}

function isSelectOne(node: Node): boolean {
  return /^\s*select\s+1\s*;?\s*$/i.test(textIn(node)?.texts.join('?') ?? '')
}

/** `sleep(ms, undefined, { signal })`: nothing but being ended early fails. */
function isPause(node: Node): boolean {
  return (
    node.type === 'CallExpression' &&
    bare(node.callee).type === 'Identifier' &&
    /^(?:delay|sleep|wait|pause|setTimeout|timeout)$/.test(tailOf(node))
  )
}

/** `resolve(specifier)`, `dns.resolveMx(host)`; not `alerts.resolve(alert)`, which ends one. */
function isResolving(path: readonly string[]): boolean {
  if (path.at(-1)?.startsWith('resolve') !== true) return false
  return path.length < 2 || resolving.test(path.at(-2) ?? '')
}

/** `isHealthy()`, `exists()`: that it failed is the answer. */
export function isAnsweredNo(block: TSESTree.BlockStatement, { body }: TSESTree.CatchClause): boolean {
  const [only, ...others] = body.body
  if (only?.type !== 'ReturnStatement' || others.length > 0) return false
  if (only.argument?.type !== 'Literal' || only.argument.value !== false) return false
  const fn = functionOf(only)
  if (fn !== undefined && isPredicate(fn)) return true
  const last = block.body.at(-1)
  if (last?.type !== 'ReturnStatement') return false
  if (last.argument?.type === 'BinaryExpression') return true
  // await fetch(url); return true
  return last.argument?.type === 'Literal' && last.argument.value === true && isReached(block)
}

/** All that was waited for is whether something is there: it is connected to, or asked for, and what it gives is let go. */
function isReached(block: TSESTree.BlockStatement): boolean {
  for (const each of within(block)) {
    if (each.type !== 'AwaitExpression') continue
    const call = bare(each)
    const isReading = call.type === 'CallExpression' && /^(?:fetch|head|connect)$/.test(tailOf(call))
    if (!isProbing(call) && !(isReading && call.arguments.length < 2)) return false
  }
  return true
}

function isStatement(node: Node): boolean {
  return node.parent?.type === 'ExpressionStatement'
}
