import type { TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type FunctionNode, functionOf, isFunction, type Node, throughout, within } from './nodes.js'
import { textIn } from './texts.js'

// The first word of what changes something outside of the process, or asks somebody to.
const verbs = new Set(
  (
    'create insert upsert update patch save store persist write append delete remove destroy purge prune drop truncate ' +
    'send deliver emit publish broadcast dispatch notify enqueue queue schedule reschedule trigger post put upload submit ' +
    'process handle execute perform run apply sync synchronize import export generate render index reindex archive restore ' +
    'mark set unset assign unassign grant revoke approve activate deactivate enable disable suspend cancel refund charge ' +
    'capture settle transfer pay issue void close open complete finish start stop begin end commit release reserve allocate ' +
    'increment decrement bump touch invalidate evict expire clear reset flush refresh rotate replay retry resend ' +
    'register unregister subscribe unsubscribe invite join leave link unlink attach detach merge move copy migrate backfill ' +
    'mail email sms push call invoke forward relay ack nack acknowledge confirm record track add book ship print sign ' +
    'provision deploy install rebuild recalculate recompute fulfill dispense admit discharge escalate ban mute lock unlock hide publish'
  ).split(' '),
)
// Built-in collections and answers to a client are no work that was skipped.
const localHolder =
  /^(?:map|set|cache[sd]?|seen|result|results|rows|list|items|array|arr|out|output|lines|parts|chunks|buffer|params|headers|searchParams|query|qb|builder|queryBuilder|url|form|formData|fields|attributes|props|options|opts|config|acc|errors|warnings|tokens|stack|visited|names|ids|keys|values|entries|res|response|reply|ctx|c|span|Object|Array|Math|JSON|Promise|Number|String|Date|Reflect|Symbol|process|console)$/
const asyncHolder =
  /(?:service|services|repository|repo|queue|queues|mailer|mail|client|db|database|prisma|knex|model|bus|emitter|events|notifier|notifications?|publisher|producer|channel|broker|api|gateway|storage|store|bucket|redis|stripe|job|jobs|worker|scheduler|outbox|webhook|webhooks|tx|trx|transaction|manager|em|session|hub|socket|ws|index|search)$/i

const given = /^(?:work|handler|task|operation|action)$/

/** A call that changes something: how it is written, and whether somebody waits for it. */
export interface Effect {
  readonly call: TSESTree.CallExpression
  readonly text: string
}

/** The effects of a function's body in the order of the source. */
export type EffectsOf = (fn: FunctionNode) => readonly Effect[]

/**
 * The calls of a function that write, send or start something: those whose result nobody takes, and those whose name says so,
 * looked for once however many returns there are. `isSignal` knows those that only tell.
 */
export function effectsByFunction(
  more: readonly string[],
  isSignal: (call: TSESTree.CallExpression) => boolean,
): EffectsOf {
  const known = new Map<FunctionNode, readonly Effect[]>()
  return (fn) => {
    const effects = known.get(fn) ?? effectsIn(fn.body, more, isSignal)
    known.set(fn, effects)
    return effects
  }
}

function effectsIn(
  node: Node,
  more: readonly string[],
  isSignal: (call: TSESTree.CallExpression) => boolean,
): Effect[] {
  const effects: Effect[] = []
  // Code inside of callbacks, transactions for instance, is skipped as well.
  for (const each of throughout(node)) {
    if (each.type === 'CallExpression' && isEffect(each, more) && !isSignal(each))
      effects.push({ call: each, text: textOf(each) })
  }
  return effects.sort((a, b) => startOf(a) - startOf(b))
}

function startOf({ call }: Effect): number {
  return call.range[0]
}

// What is made ready for something else.
const preparing =
  /^(?:render|generate|begin|start|open|lock|transaction|withTransaction|run|call|invoke|step|set)/

/** The one of them that says most of what is missing: a mail rather than its rendering. */
export function telling(effects: readonly Effect[]): Effect {
  return (effects.find(({ call }) => !preparing.test(pathOf(call.callee).at(-1) ?? '')) ??
    effects[0]) as Effect
}

/** `mailer.send` of `this.mailer.send(mail).catch(report)`, too. */
export function textOf(call: TSESTree.CallExpression): string {
  const path = pathOf(call.callee).filter((name) => name !== '')
  while (path.length > 1 && /^(?:catch|then|finally)$/.test(path.at(-1) ?? '')) path.pop()
  return path.join('.')
}

/** Whether a call changes something outside of what is at hand. */
export function isEffect(call: TSESTree.CallExpression, more: readonly string[] = []): boolean {
  const path = pathOf(call.callee)
  const method = path.at(-1) ?? ''
  const words = wordsOf(method)
  const [first = ''] = words
  if (more.some((word) => method.startsWith(word))) return true
  const isMethod = bare(call.callee).type === 'MemberExpression'
  if (isMethod && localHolder.test(path.at(-2) ?? '')) return false
  if (idle.test(method) || ofDates.test(method)) return false
  if (writesBySql(call) || sends(call)) return true
  if (isDiscarded(call)) return isMethod ? !localMethod.test(method) || isAwaited(call) : true
  // return handler(job): what it was given to do.
  if (!isMethod && given.test(method)) return isAwaited(call)
  if (!verbs.has(first)) return false
  if (isMethod) return isAwaited(call) || asyncHolder.test(path.at(-2) ?? '') || path.at(-2) === 'this'
  return isAwaited(call) || words.length > 1
}

/** `fetch(url, { method: 'POST' })` */
function sends({ arguments: given }: TSESTree.CallExpression): boolean {
  return given.some(
    (each) =>
      each.type === 'ObjectExpression' &&
      each.properties.some(
        (part) =>
          part.type === 'Property' &&
          part.key.type === 'Identifier' &&
          part.key.name === 'method' &&
          part.value.type === 'Literal' &&
          /^(?:POST|PUT|PATCH|DELETE)$/i.test(String(part.value.value)),
      ),
  )
}

/** `db.one('insert into alert … returning *')` */
function writesBySql({ arguments: [first] }: TSESTree.CallExpression): boolean {
  return (
    first !== undefined && /^\s*(?:insert\s+into|update|delete\s+from)\s/i.test(textIn(first)?.texts[0] ?? '')
  )
}

const idle =
  /^(?:sleep|delay|wait|pause|setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|nextTick|next|done|cb|callback|resolve|reject|assert|expect|invariant|super|require|useEffect|log|debug|header|status|type|end)$/
// addDays, setHours, startOfDay: they make a date of another one.
const ofDates =
  /^(?:add|sub|set|start|end)(?:Of)?(?:Business)?(?:Millisecond|Second|Minute|Hour|Day|Date|Week|Month|Quarter|Year)s?$/
// Of collections and emitters of one's own.
const localMethod =
  /^(?:set|add|push|unshift|pop|shift|splice|sort|reverse|fill|forEach|on|once|off|addEventListener|removeListener|append|clear|delete)$/

function isAwaited(call: TSESTree.CallExpression): boolean {
  const { parent } = call
  return (
    parent.type === 'AwaitExpression' ||
    // order.save().then(…)
    (parent.type === 'MemberExpression' && /^(?:then|catch|finally)$/.test(tailOf(parent))) ||
    // return mailer.send(mail)
    (parent.type === 'ReturnStatement' && functionOf(parent)?.async === true) ||
    (parent.type === 'ChainExpression' && parent.parent.type === 'AwaitExpression') ||
    (parent.type === 'ArrowFunctionExpression' && parent.body === call && isOfAll(parent))
  )
}

/** `Promise.all(ids.map((id) => …))` */
function isOfAll({ parent }: FunctionNode): boolean {
  return (
    parent.type === 'CallExpression' &&
    parent.parent.type === 'CallExpression' &&
    pathOf(parent.parent.callee)[0] === 'Promise'
  )
}

/** `send()`, `await send()`, `void send()`, `send().catch(report)`. */
function isDiscarded(call: TSESTree.CallExpression): boolean {
  let each: Node = call
  for (;;) {
    const { parent } = each as { parent: Node }
    if (parent.type === 'ExpressionStatement') return true
    if (
      parent.type === 'MemberExpression' &&
      parent.object === each &&
      /^(?:catch|then|finally)$/.test(pathOf(parent).at(-1) ?? '')
    ) {
      each = parent.parent
    } else if (
      parent.type === 'AwaitExpression' ||
      parent.type === 'ChainExpression' ||
      (parent.type === 'UnaryExpression' && parent.operator === 'void')
    ) {
      each = parent
    } else return false
  }
}

function isStatement(call: TSESTree.CallExpression): boolean {
  const parent = call.parent.type === 'ChainExpression' ? call.parent.parent : call.parent
  return parent.type === 'ExpressionStatement'
}

/** Whether a statement does anything, declarations aside: a call, an assignment, a throw. */
export function doesSomething(statement: Node): boolean {
  for (const each of within(statement)) {
    if (each.type === 'ThrowStatement' || each.type === 'YieldExpression') return true
    if (each.type === 'AssignmentExpression' || each.type === 'UpdateExpression') return true
    if (each.type === 'CallExpression' && isStatementCall(each)) return true
    if (each.type === 'AwaitExpression') return true
  }
  return false
}

function isStatementCall(call: TSESTree.CallExpression): boolean {
  return isStatement(call) || call.parent.type === 'AwaitExpression' || call.parent.type === 'UnaryExpression'
}

/** The effects after a node, up to the end of its function, and those that a branch beside it would have had: the nearest first. */
export function skippedBy(node: Node, fn: FunctionNode, effectsOf: EffectsOf): readonly Effect[] {
  const effects = effectsOf(fn)
  const skipped: (readonly Effect[])[] = []
  const skip = (start: number, end: number): void => {
    skipped.push(effects.slice(firstFrom(start, effects), firstFrom(end, effects)))
  }
  for (let each: Node = node; each !== (fn as Node) && each.parent != null; each = each.parent) {
    const { parent } = each as { parent: Node }
    if (isFunction(parent)) break
    if (parent.type === 'BlockStatement' || parent.type === 'SwitchCase') skip(each.range[1], parent.range[1])
    else if (parent.type === 'IfStatement' && each === parent.consequent && parent.alternate != null)
      skip(...parent.alternate.range)
    // The turns that are left of a loop.
    else if (parent.type === 'ForOfStatement' && each === parent.body) skip(...parent.body.range)
  }
  return skipped.flat()
}

/** The position of the first effect that does not start before a place. */
function firstFrom(start: number, effects: readonly Effect[]): number {
  let [low, high] = [0, effects.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startOf(effects[middle] as Effect) < start) low = middle + 1
    else high = middle
  }
  return low
}
