import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { variableOf } from '../ast/bindings.js'
import { isEffect, textOf } from '../ast/effects.js'
import { isPredicate } from '../ast/functions.js'
import { functionName, pathOf, tailOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, bare, functionOf, isFunction, type Node, throughout, within } from '../ast/nodes.js'
import { hasReason, isReason } from '../ast/reasons.js'
import { type Look, rule } from '../rule.js'
import { errorTold } from '../signals/error-lines.js'
import type { Signal } from '../signals/signal.js'

export const noSilentCatch = rule({
  question: 'A caught error reaches a log, a report, a rethrow or the value that is returned.',
  reason:
    'What failed is known here and nowhere else: a catch that drops it turns an incident into a riddle.',
  type: 'problem',
  messages: {
    silent: 'The error{{what}} ends here and nobody hears of it: log it, rethrow it or return it.',
    dropped: 'The error{{what}} is not in the line that tells of it: give it to the log call.',
    tell: 'Tell the error.',
  },
  properties: {},
  defaults: {},
  hasSuggestions: true,
  create(look) {
    const { sourceCode } = look
    return {
      CatchClause(node) {
        const { block } = node.parent
        if (isSilent(node.body, node.param, look) && isWorthTelling(block, node, look))
          report(node, node.body, block, look)
      },
      CallExpression(node) {
        const handler = handlerOf(node)
        if (handler === undefined) return
        const { object } = bare(node.callee) as TSESTree.MemberExpression
        if (isCleanup([object]) || isBodyRead(object) || isExplainedCleanup(node, sourceCode)) return
        if (isSeenElsewhere(object, sourceCode) || isAskedFor(node, look) || isProbing(asked(object))) return
        if (!hasReason(sourceCode, handler) && isSilentHandler(handler, look))
          report(handler, isFunction(handler) ? handler.body : handler, object, look)
      },
    }
  },
})

type Looking = Look<'silent' | 'dropped' | 'tell', object>

function report(handler: Node, body: Node, tried: Node, look: Looking): void {
  const line = lineIn(body, look)
  const what = triedCall(tried)
  const edits = errorTold(handler, what, line, look)
  look.report({
    node: handler,
    messageId: line === undefined ? 'silent' : 'dropped',
    data: { what: what === undefined ? '' : ` of \`${what}\`` },
    ...(edits !== undefined && {
      suggest: [
        {
          messageId: 'tell',
          fix: (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text)),
        },
      ],
    }),
  })
}

/** The log line of a handler, which is there without the error. */
function lineIn(body: Node, look: Looking): Signal | undefined {
  for (const each of within(body)) {
    const signal = each.type === 'CallExpression' ? look.signalOf(each) : undefined
    if (signal?.kind === 'log' || signal?.kind === 'report') return signal
  }
  return undefined
}

/** What was tried: the first call that is waited for, or the first. */
function triedCall(tried: Node): string | undefined {
  let first: string | undefined
  for (const each of within(tried)) {
    if (each.type !== 'CallExpression') continue
    const text = textOf(each)
    if (text === '' || text === 'then') continue
    if (each.parent.type === 'AwaitExpression') return text
    first ??= text
  }
  return first
}

/** `await response.json().catch(() => null)`: a body that can't be read is answered, or told, further down. */
function isBodyRead(node: Node): boolean {
  const call = bare(node)
  return (
    call.type === 'CallExpression' && /^(?:json|text|formData|arrayBuffer|blob)$/.test(tailOf(call.callee))
  )
}

/** `loading.catch(noop)` of a promise that is waited for elsewhere: this keeps the process alive until then. */
function isSeenElsewhere(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  return (
    variable?.references.some(
      ({ identifier }) => identifier !== node && identifier.parent.type !== 'VariableDeclarator',
    ) === true
  )
}

/** `validate(input)` of `validate(input).then(…)`. */
function asked(node: Node): Node {
  const inner = bare(node)
  return inner.type === 'CallExpression' &&
    inner.callee.type === 'MemberExpression' &&
    /^(?:then|finally)$/.test(tailOf(inner.callee))
    ? asked(inner.callee.object)
    : inner
}

/** `const file = await open().catch(() => null)`, and then `if (!file) throw …`: that it failed is told. */
function isAskedFor(node: TSESTree.CallExpression, look: Looking): boolean {
  const holder = node.parent.type === 'AwaitExpression' ? node.parent.parent : node.parent
  if (holder.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return false
  const { name } = holder.id
  const statements = holder.parent.parent?.type === 'BlockStatement' ? holder.parent.parent.body : []
  const at = statements.indexOf(holder.parent) + 1
  const next = statements
    .slice(at, at + 3)
    .find(
      (each): each is TSESTree.IfStatement =>
        each.type === 'IfStatement' &&
        [...within(each.test)].some((part) => part.type === 'Identifier' && part.name === name),
    )
  if (next === undefined) return false
  return [...within(next.consequent)].some(
    (each) =>
      each.type === 'ThrowStatement' ||
      (each.type === 'CallExpression' && (look.signalOf(each) !== undefined || refuses(each))),
  )
}

/** `.catch(handler)` of a promise. */
function handlerOf(node: TSESTree.CallExpression): Node | undefined {
  const callee = bare(node.callee)
  if (callee.type !== 'MemberExpression' || tailOf(callee) !== 'catch' || node.arguments.length !== 1)
    return undefined
  return node.arguments[0]
}

function isSilentHandler(handler: Node, look: Looking): boolean {
  // () => {}, noop: a function of another name may well tell.
  if (handler.type === 'Identifier') return /^(?:noop|_?ignore\w*|swallow\w*)$/i.test(handler.name)
  if (handler.type === 'MemberExpression') return /^noop$/i.test(tailOf(handler))
  if (!isFunction(handler)) return false
  return isSilent(handler.body, handler.params[0], look)
}

/** Nothing in it tells, and the error goes nowhere. */
function isSilent(body: Node, param: Node | null | undefined, look: Looking): boolean {
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
function passesOn(call: TSESTree.CallExpression, look: Looking): boolean {
  const method = tailOf(call.callee)
  if (look.signalOf(call) !== undefined) return false
  return /^(?:reject|next|fail|abort|exit|done|cb|callback|onError|handleError|moveToFailed)$/.test(method)
}

const answering = /^(?:status|sendStatus|code|writeHead|json|send|text|body|throw|error|setStatus)$/

/** The client is told that he was at fault: `res.status(404)`, `c.json({ error }, 400)`, `this.notFound()`. */
function refuses(call: TSESTree.CallExpression): boolean {
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

function isWorthTelling(block: TSESTree.BlockStatement, node: TSESTree.CatchClause, look: Looking): boolean {
  if (isProbe(block, look) || isCleanup(block.body) || isAnsweredNo(block, node) || isExpected(block))
    return false
  return !look.sourceCode.getCommentsInside(node).some(isReason)
}

const probing =
  /^(?:JSON|URL|URLSearchParams|decodeURIComponent|decodeURI|atob|from|RegExp|BigInt|require|import|accessSync|access|statSync|existsSync|stat|lstat|readFileSync|fromISO|format|Intl|test|DateTimeFormat|NumberFormat|toASCII|domainToASCII|mkdir|mkdirSync)$/
const asking =
  /^(?:parse|decode|resolve|verify|validate|check|assert|authorize|authenticate|ensure|compile|is|has|can|exists|detect|probe)$/

/** Nothing but a question whose answer is the failure: parsing, decoding, looking whether something is there. */
function isProbe(block: TSESTree.BlockStatement, look: Looking): boolean {
  const all = [...within(block)]
  if (!all.some(({ type }) => type === 'AwaitExpression') && all.some(isReading)) return true
  for (const each of within(block)) {
    if (each.type === 'AwaitExpression' && !isProbing(each.argument)) return false
    if (each.type !== 'CallExpression' || !isStatement(each)) continue
    // A log that fails can't be logged.
    if (!isProbing(each) && isEffect(each) && look.signalOf(each) === undefined) return false
  }
  return true
}

/** `try { parse('') ; assert.fail() } catch {}`: it had to fail. */
function isExpected(block: TSESTree.BlockStatement): boolean {
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

function isProbing(node: Node): boolean {
  const inner = bare(node)
  if (inner.type === 'ImportExpression') return true
  const name = tailOf(inner)
  const [first = ''] = pathOf(inner)
  // canThis(user).assign.role(role)
  return (
    probing.test(name) || asking.test(wordsOf(name)[0] ?? '') || /^(?:can|may)$/.test(wordsOf(first)[0] ?? '')
  )
}

/** `isHealthy()`, `exists()`: that it failed is the answer. */
function isAnsweredNo(block: TSESTree.BlockStatement, { body }: TSESTree.CatchClause): boolean {
  const [only, ...others] = body.body
  if (only?.type !== 'ReturnStatement' || others.length > 0) return false
  if (only.argument?.type !== 'Literal' || only.argument.value !== false) return false
  const fn = functionOf(only)
  if (fn !== undefined && isPredicate(fn)) return true
  const last = block.body.at(-1)
  return last?.type === 'ReturnStatement' && last.argument?.type === 'BinaryExpression'
}

function isStatement(node: Node): boolean {
  return node.parent?.type === 'ExpressionStatement'
}

const ending =
  /^(?:close|destroy|disconnect|quit|end|terminate|kill|abort|cancel|release|unsubscribe|cleanup|removeAllListeners|unref|stop|dispose|exit|return)$/
const unlinking = /^(?:unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync)$/

/** Only what leaves in order: that it was gone already is no news. */
function isCleanup(statements: readonly Node[]): boolean {
  let calls = 0
  for (const statement of statements) {
    for (const each of within(statement)) {
      if (each.type !== 'CallExpression') continue
      calls++
      if (!isEnding(each)) return false
    }
  }
  return calls > 0
}

/** A comment above says why it may fail: `// emptied every night anyway`. */
function isExplainedCleanup(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  let statement = node
  while (statement.parent != null && !statement.type.endsWith('Statement')) statement = statement.parent
  if (!sourceCode.getCommentsBefore(statement).some(isReason)) return false
  return [...within(statement)].some((each) => {
    const method = each.type === 'CallExpression' ? (pathOf(each.callee).at(-1) ?? '') : ''
    return unlinking.test(method) || ending.test(method)
  })
}

/** `socket.close()`, `unlink(tmpFile)`, `client.query('ROLLBACK')`; not `crm.remove(user)`, which was asked for. */
function isEnding(call: TSESTree.CallExpression): boolean {
  const path = pathOf(call.callee)
  const method = path.at(-1) ?? ''
  const [first] = call.arguments
  // What counts the visits of others may be lost.
  if (path.flatMap(wordsOf).some((word) => /^(?:telemetry|analytics|posthog|mixpanel|amplitude)$/.test(word)))
    return true
  if (/rollback/i.test(method) || (first?.type === 'Literal' && /^\s*rollback/i.test(String(first.value))))
    return true
  if (unlinking.test(method))
    return (
      first !== undefined &&
      pathOf(first)
        .flatMap(wordsOf)
        .some((word) => /^(?:tmp|temp|temporary)$/.test(word))
    )
  return ending.test(method) && (first === undefined || first.type === 'Literal' || isOption(first))
}

/** `child.kill(signal)`, `stream.destroy(error)`, `pool.end({ timeout })` */
function isOption(node: Node): boolean {
  return node.type === 'ObjectExpression' || /^(?:err|error|e|signal|reason|code)$/.test(tailOf(node))
}
