import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, type Imported, importOf, initOf, requireOf, variableOf } from '../ast/bindings.js'
import { pathOf, tailOf } from '../ast/names.js'
import { ancestorsOf, bare, isFunction, type Node } from '../ast/nodes.js'
import { type Origin, originIn } from './modules.js'

export interface Known {
  readonly origin: Origin
  readonly source: string
}

/** What an expression is by where it comes from; undefined where only its name could tell. */
export function known(node: Node, sourceCode: TSESLint.SourceCode, depth = 0): Known | undefined {
  if (depth > 4) return undefined
  const inner = bare(node)
  if (inner.type === 'Identifier') return ofVariable(inner, sourceCode, depth)
  const required = requireOf(inner)
  if (required !== undefined) return ofImport(required)
  if (inner.type === 'CallExpression' || inner.type === 'NewExpression') {
    const telemetry = telemetryBy(tailOf(inner.callee))
    if (telemetry !== undefined) return telemetry
    const made = known(inner.callee, sourceCode, depth + 1)
    if (made?.origin === 'logger factory') return { ...made, origin: 'logger' }
    if (made?.origin === 'metric factory') return { ...made, origin: 'metric' }
    // logger.child(), counter.labels(), log.bind(): of the same kind.
    if (inner.callee.type === 'MemberExpression') {
      const holder = known(inner.callee.object, sourceCode, depth + 1)
      const method = pathOf(inner.callee).at(-1) ?? ''
      if (holder?.origin === 'logger' && /^(?:child|bind|unbind|with|get|extend)/.test(method)) return holder
      if (holder?.origin === 'metric' && /^(?:labels|with|child)$/.test(method)) return holder
    }
    return undefined
  }
  if (inner.type !== 'MemberExpression') return undefined
  const field = fieldOf(inner)
  if (field !== undefined) return ofField(field, sourceCode, depth)
  // Sentry.captureException, winston.createLogger, client.Counter
  const object = bare(inner.object)
  if (object.type !== 'Identifier') return undefined
  const variable = variableOf(sourceCode, object)
  const imported = variable === undefined ? undefined : importOf(variable)
  return imported === undefined ? undefined : ofImport({ ...imported, name: tailOf(inner) })
}

function ofImport({ source, name }: Imported): Known | undefined {
  const origin = originIn(source, name)
  return origin === undefined ? undefined : { origin, source }
}

/** What OpenTelemetry's factories make, whatever tracer or meter they are asked of. */
function telemetryBy(method: string): Known | undefined {
  const source = '@opentelemetry/api'
  if (/^(?:getActiveSpan|startSpan|startInactiveSpan)$/.test(method)) return { origin: 'span', source }
  return /^create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)$/.test(method)
    ? { origin: 'metric', source }
    : undefined
}

function ofVariable(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
  depth: number,
): Known | undefined {
  const variable = variableOf(sourceCode, node)
  if (variable === undefined) return undefined
  const imported = importOf(variable)
  if (imported !== undefined) return ofImport(imported)
  const [definition] = variable.defs
  if (definition !== undefined) {
    const typed = ofType(annotatedType(definition.name), sourceCode, node)
    if (typed !== undefined) return typed
    if (isSpanParameter(definition)) return { origin: 'span', source: '@opentelemetry/api' }
  }
  const init = initOf(variable)
  return init === undefined ? undefined : known(init, sourceCode, depth + 1)
}

/** `tracer.startActiveSpan('send', (active) => …)` */
function isSpanParameter({ type, node, name }: TSESLint.Scope.Definition): boolean {
  const fn: Node = node
  return (
    (type as string) === 'Parameter' &&
    isFunction(fn) &&
    fn.params[0] === name &&
    fn.parent.type === 'CallExpression' &&
    /^start(?:Active)?Span$/.test(tailOf(fn.parent.callee))
  )
}

/** A type that a known module gives: `log: PinoLogger`. */
function ofType(type: string | undefined, sourceCode: TSESLint.SourceCode, at: Node): Known | undefined {
  if (type === undefined) return undefined
  const variable = variableOf(sourceCode, { ...at, type: 'Identifier', name: type } as TSESTree.Identifier)
  const imported = variable === undefined ? undefined : importOf(variable)
  if (imported === undefined) return undefined
  const origin = originIn(imported.source, imported.name)
  if (origin === 'logger factory') return { origin: 'logger', source: imported.source }
  if (origin === 'metric factory') return { origin: 'metric', source: imported.source }
  return type.endsWith('Logger') && originIn(imported.source, undefined) !== undefined
    ? { origin: 'logger', source: imported.source }
    : undefined
}

/** The declaration of `this.logger` in its class: a field, or a parameter of the constructor. */
export function fieldOf(node: TSESTree.MemberExpression): Node | undefined {
  const object = bare(node.object)
  if (object.type !== 'ThisExpression') return undefined
  const name = pathOf(node).at(-1)
  for (const each of ancestorsOf(node)) {
    if (each.type !== 'ClassBody') continue
    for (const member of each.body) {
      if (member.type === 'PropertyDefinition' && 'name' in member.key && member.key.name === name)
        return member
      if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue
      for (const parameter of member.value.params) {
        if (parameter.type !== 'TSParameterProperty') continue
        const inner =
          parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter
        if (inner.type === 'Identifier' && inner.name === name) return inner
      }
    }
    return undefined
  }
  return undefined
}

function ofField(field: Node, sourceCode: TSESLint.SourceCode, depth: number): Known | undefined {
  const typed = ofType(annotatedType(field), sourceCode, field)
  if (typed !== undefined) return typed
  return field.type === 'PropertyDefinition' && field.value != null
    ? known(field.value, sourceCode, depth + 1)
    : undefined
}

/** What a field of a class is by its declaration: `private readonly logger = new Logger(Invoices.name)`. */
export function knownField(field: Node, sourceCode: TSESLint.SourceCode): Known | undefined {
  return ofField(field, sourceCode, 0)
}
