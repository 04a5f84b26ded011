import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { oncePerFile } from '../ast/once.js'
import { labelsIn } from './labels.js'
import { isLogger, type Signal } from './signal.js'

/** What a rule has to look by. */
interface Look {
  readonly sourceCode: TSESLint.SourceCode
  signalOf(call: TSESTree.CallExpression): Signal | undefined
}

/** An argument that leaves the process, or stays with what will. */
export interface Told {
  readonly node: Node
  /** The name that it goes under, where another argument gives one: `setTag('plan', plan)`. */
  readonly key?: string
  /** As the first object of a logger that takes objects first, and is known to have a serialiser for its `req`. */
  readonly isMergedObject?: true
  /** As it is, to somebody who may take of it what they need. */
  readonly isHandedOver?: true
}

/** The arguments of a log, report, metric or span call. */
export function toldBy(call: TSESTree.CallExpression, look: Look): readonly Told[] {
  const signal = look.signalOf(call)
  if (signal !== undefined) {
    if (signal.kind === 'span' || signal.kind === 'report') return named(call)
    const callee = bare(call.callee)
    // logAuditEvent(user, 'login'), auditLog.event(req, 'export'): functions of one's own take what they need.
    const isOwn =
      signal.source === undefined &&
      signal.wrapper === undefined &&
      (callee.type === 'Identifier' || pathOf(callee).some((name) => /audit|access/i.test(name)))
    return call.arguments.map((node, index) => ({
      node,
      ...(index === 0 &&
        node.type === 'ObjectExpression' &&
        serialises(call, look) && { isMergedObject: true as const }),
      ...(isOwn && node.type !== 'ObjectExpression' && { isHandedOver: true as const }),
    }))
  }
  if (isBinding(call, look))
    return call.arguments.map((node) => ({
      node,
      ...(serialises(call, look) && { isMergedObject: true as const }),
    }))
  if (isAnnotation(call)) return named(call)
  return labelsIn(call, look.sourceCode).map((node) => ({ node }))
}

/** `req.log`, `fastify.log`, and where the file speaks of serialisers; pino and bunyan have none for `req` by themselves. */
function serialises({ callee }: TSESTree.CallExpression, { sourceCode }: Pick<Look, 'sourceCode'>): boolean {
  const path = pathOf(callee)
  const holder = path.at(-3) ?? ''
  if (path.at(-2) === 'log' && /^(?:req|request|reply|fastify|app|server|instance)$/.test(holder)) return true
  return speaksOfSerialisers(sourceCode)
}

const speaksOfSerialisers = oncePerFile(({ text }) =>
  /\bserializers\b|stdSerializers|pino-http|nestjs-pino/.test(text),
)

/** `setTag('plan', plan)`: the first argument names the second. */
function named(call: TSESTree.CallExpression): readonly Told[] {
  const [first, ...others] = call.arguments
  const method = tailOf(call.callee)
  // Sentry takes of a user what it knows; a breadcrumb's hint is not sent.
  if (method === 'setUser') return call.arguments.map((node) => ({ node, isHandedOver: true }))
  if (method === 'addBreadcrumb') return call.arguments.slice(0, 1).map((node) => ({ node }))
  if (first === undefined || others.length === 0) return call.arguments.map((node) => ({ node }))
  if (first.type === 'Literal' && typeof first.value === 'string') {
    const key = first.value
    return others.map((node) => ({ node, key }))
  }
  if (!/^set(?:Tag|Extra|Context|Attribute)$|^addMetadata$|^add(?:Custom)?(?:Span)?Attribute$/.test(method))
    return call.arguments.map((node) => ({ node }))
  const key = tailOf(first)
  return others.map((node) => ({ node, ...(key !== '' && { key }) }))
}

/** `log.child({ … })`: what is bound goes out with every line. */
function isBinding(call: TSESTree.CallExpression, { sourceCode }: Pick<Look, 'sourceCode'>): boolean {
  const callee = bare(call.callee)
  return (
    callee.type === 'MemberExpression' &&
    /^(?:child|bind|with|withContext|withFields|withBindings|setBindings|assign|extend)$/.test(
      tailOf(callee),
    ) &&
    isLogger(callee.object, sourceCode)
  )
}

/** `scope.setExtra('x', y)`, `span.setAttributes({ … })`, `Sentry.setUser(user)`. */
function isAnnotation({ callee }: TSESTree.CallExpression): boolean {
  const path = pathOf(callee)
  return (
    /^(?:setTags?|addTags?|setExtras?|setContext|setUser|setAttributes?|addEvent|addAttributes?|addMetadata|add(?:Custom)?(?:Span)?Attributes?)$/.test(
      path.at(-1) ?? '',
    ) &&
    /(?:scope|span|tracer|sentry|tracker|transaction|bugsnag|rollbar|segment|newrelic|honeybadger|apm|event)$/i.test(
      path.at(-2) ?? '',
    )
  )
}

/** Whether a call or `new` makes an error, whose text and fields are logged where it is caught. */
export function makesError({
  callee,
  type,
  parent,
}: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
  const name = tailOf(callee)
  if (type === 'NewExpression') return /(?:Error|Exception)$/.test(name)
  return (
    /^(?:create\w*Error|createError|httpError)$/.test(name) ||
    (/(?:Error|Exception)$/.test(name) && parent.type === 'ThrowStatement')
  )
}
