import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { importOf, initOf } from '../ast/bindings.js'
import { pathOf, tailOf } from '../ast/names.js'
import { bare, isFunction, type Node } from '../ast/nodes.js'

const ofLogs = /log/i

/**
 * Whether a variable that by its name is a logger can be called as one: a value, an object, always there. Where neither its type
 * nor its value tells, another use of it does.
 */
export function isUsable(variable: TSESLint.Scope.Variable, isKnown: boolean): boolean {
  const [definition] = variable.defs
  if (definition === undefined || isType(definition)) return false
  const uses = variable.references.map(({ identifier }) => identifier as Node)
  if (uses.some(isAskedFor) || isOptional(definition.name as Node)) return false
  if (isKnown) return true
  if (isOtherType(definition.name as Node)) return false
  if (uses.some(isCalledByMethod)) return true
  // `log('sent')`; `Logger`, which may be a type that is imported as a value
  if (uses.some(isCalled) || /^[A-Z]/.test(variable.name)) return false
  if (annotationOf(definition.name as Node) !== undefined) return true
  const imported = importOf(variable)
  if (imported !== undefined) return variable.name === 'logger' || ofLogs.test(imported.source)
  const init = initOf(variable)
  if (init !== undefined) return makesLogger(init)
  return variable.name === 'logger' && (definition.type === 'Parameter' || isTakenApart(definition))
}

/** Whether a field of a class is an object that is always there. */
export function isUsableField(field: Node, isKnown: boolean): boolean {
  if (isOptional(field)) return false
  if (isKnown) return true
  if (isOtherType(field)) return false
  if (field.type !== 'PropertyDefinition' || field.value == null) return true
  return makesLogger(field.value)
}

function isType({ node, parent }: TSESLint.Scope.Definition): boolean {
  const kinds = [node, parent] as ({ readonly importKind?: string } | null | undefined)[]
  return kinds.some((each) => each?.importKind === 'type') || /^TS(?:Interface|TypeAlias)/.test(node.type)
}

function isTakenApart({ node }: TSESLint.Scope.Definition): boolean {
  return node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern'
}

/** `logger?.warn('x')`, `if (log)`, `log && log.info('x')`: it may be missing. */
function isAskedFor(use: Node): boolean {
  const parent = use.parent as Node
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === use && parent.optional
    case 'LogicalExpression':
      return parent.left === use
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === use
    case 'UnaryExpression':
      return true
    default:
      return false
  }
}

const methods = /^(?:trace|debug|info|warn|error|fatal|log|verbose|notice|exception|skip|child)$/

function isCalledByMethod(use: Node): boolean {
  const { parent } = use
  if (parent?.type !== 'MemberExpression' || parent.object !== use || !methods.test(tailOf(parent)))
    return false
  return parent.parent.type === 'CallExpression' && parent.parent.callee === parent
}

function isCalled(use: Node): boolean {
  return use.parent?.type === 'CallExpression' && use.parent.callee === use
}

function annotationOf(node: Node): TSESTree.TypeNode | undefined {
  return (node as { typeAnnotation?: TSESTree.TSTypeAnnotation }).typeAnnotation?.typeAnnotation
}

/** `log?: Logger` */
function isOptional(declared: Node): boolean {
  return (declared as { optional?: boolean }).optional === true
}

/** `log: boolean`, `log: (text: string) => void`, `log: Logger | undefined`. */
function isOtherType(declared: Node): boolean {
  const type = annotationOf(declared)
  if (type === undefined) return false
  if (type.type === 'TSTypeQuery')
    return type.exprName.type !== 'Identifier' || !ofLogs.test(type.exprName.name)
  if (type.type !== 'TSTypeReference') return true
  const { typeName } = type
  const name =
    typeName.type === 'Identifier'
      ? typeName.name
      : typeName.type === 'TSQualifiedName'
        ? typeName.right.name
        : ''
  return (
    !/log|pino|winston|bunyan|console/i.test(name) ||
    /(?:Level|Fn|Function|Method|Options|Config|Factory)$/.test(name)
  )
}

/** `createLogger()`, `new Logger('x')`, `rootLogger.child({})`, `require('./logger')`, `req.log`. */
function makesLogger(init: Node): boolean {
  const inner = bare(init)
  if (isFunction(inner)) return false
  if (inner.type === 'LogicalExpression') return makesLogger(inner.left) || makesLogger(inner.right)
  if (inner.type === 'ConditionalExpression')
    return makesLogger(inner.consequent) && makesLogger(inner.alternate)
  if (inner.type === 'CallExpression' && tailOf(inner.callee) === 'require') {
    const [source] = inner.arguments
    return source?.type === 'Literal' && ofLogs.test(String(source.value))
  }
  return pathOf(inner).some((name) => ofLogs.test(name))
}
