import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { pathOf } from './names.js'
import { ancestorsOf, bare, type FunctionNode, isFunction, type Node } from './nodes.js'

/** The variable that a name stands for where it is used; undefined for a global. */
export function variableOf(
  sourceCode: TSESLint.SourceCode,
  node: TSESTree.Identifier | TSESTree.JSXIdentifier,
): TSESLint.Scope.Variable | undefined {
  return variableNamed(node.name, node, sourceCode)
}

/** The variable that a name would stand for at a node, were it written there. */
export function variableNamed(
  name: string,
  at: Node,
  sourceCode: TSESLint.SourceCode,
): TSESLint.Scope.Variable | undefined {
  for (
    let scope: TSESLint.Scope.Scope | null = sourceCode.getScope(at);
    scope !== null;
    scope = scope.upper
  ) {
    const variable = scope.set.get(name)
    if (variable !== undefined) return variable.defs.length > 0 ? variable : undefined
  }
  return undefined
}

/** Whether a name means at a node what it means where it is written. */
export function meansTheSame(name: TSESTree.Identifier, at: Node, sourceCode: TSESLint.SourceCode): boolean {
  return variableOf(sourceCode, name) === variableNamed(name.name, at, sourceCode)
}

/** `case 'a': const id = …; case 'b': return`: in scope there, and without a value. */
export function isDeclaredInOtherCase(declared: Node, node: Node): boolean {
  const holder = declared.parent?.parent
  return holder?.type === 'SwitchCase' && ![...ancestorsOf(node)].includes(holder)
}

/** Where a name comes from: a module and the export's name in it, undefined for the whole module. */
export interface Imported {
  readonly source: string
  readonly name: string | undefined
}

/** By `import`, `import x = require()` or `require()`, taken apart or not. */
export function importOf(variable: TSESLint.Scope.Variable): Imported | undefined {
  for (const { node, parent } of variable.defs) {
    if (parent?.type === 'ImportDeclaration') {
      const source = String(parent.source.value)
      if (node.type !== 'ImportSpecifier') return { source, name: undefined }
      const { imported } = node
      return { source, name: imported.type === 'Identifier' ? imported.name : imported.value }
    }
    if (
      node.type === 'TSImportEqualsDeclaration' &&
      node.moduleReference.type === 'TSExternalModuleReference'
    ) {
      const { expression } = node.moduleReference
      if (expression.type === 'Literal') return { source: String(expression.value), name: undefined }
    }
    if (node.type === 'VariableDeclarator' && node.init != null) {
      const required = requireOf(node.init)
      if (required !== undefined) return fromPattern(node.id, variable.name, required)
    }
  }
  return undefined
}

/** `require('pino')`, `require('@sentry/node').captureException`. */
export function requireOf(node: Node): Imported | undefined {
  let inner = node
  while (inner.type === 'MemberExpression' && inner.property.type === 'Identifier') inner = inner.object
  if (
    inner.type !== 'CallExpression' ||
    inner.callee.type !== 'Identifier' ||
    inner.callee.name !== 'require'
  )
    return undefined
  const [source] = inner.arguments
  if (source?.type !== 'Literal' || typeof source.value !== 'string') return undefined
  // Of several parts the last: it is what is given.
  const part = node.type === 'MemberExpression' ? node.property : undefined
  return { source: source.value, name: part?.type === 'Identifier' ? part.name : undefined }
}

function fromPattern(id: Node, local: string, required: Imported): Imported | undefined {
  if (id.type === 'Identifier') return required
  if (id.type !== 'ObjectPattern') return undefined
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
    const { value } = property
    if (value.type === 'Identifier' && value.name === local)
      return { source: required.source, name: property.key.name }
  }
  return undefined
}

/** What a variable is first given, where it is declared with a value of its own. */
export function initOf(variable: TSESLint.Scope.Variable): Node | undefined {
  for (const { node } of variable.defs)
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init != null)
      return node.init
  return undefined
}

/** The name of the type that a declaration is given: `log: PinoLogger` → `PinoLogger`. */
export function annotatedType(node: Node): string | undefined {
  const { typeAnnotation } = node as { typeAnnotation?: TSESTree.TSTypeAnnotation }
  const type = typeAnnotation?.typeAnnotation
  if (type?.type !== 'TSTypeReference') return undefined
  const { typeName } = type
  return typeName.type === 'Identifier'
    ? typeName.name
    : typeName.type === 'TSQualifiedName'
      ? typeName.right.name
      : undefined
}

/** The function of this file that a call runs: one declared in it, or a method of the class around the call. */
export function localFunction(
  call: TSESTree.CallExpression,
  sourceCode: TSESLint.SourceCode,
): FunctionNode | undefined {
  const callee = bare(call.callee)
  if (callee.type === 'Identifier') {
    const variable = variableOf(sourceCode, callee)
    const [definition] = variable?.defs ?? []
    if (definition === undefined) return undefined
    const node: Node = definition.node
    if (isFunction(node) && definition.type === 'FunctionName') return node
    return node.type === 'VariableDeclarator' && node.init != null && isFunction(node.init)
      ? node.init
      : undefined
  }
  if (callee.type !== 'MemberExpression' || bare(callee.object).type !== 'ThisExpression') return undefined
  const name = pathOf(callee).at(-1)
  for (const each of ancestorsOf(call)) {
    if (each.type !== 'ClassBody') continue
    for (const member of each.body) {
      if (!('key' in member) || !('name' in member.key) || member.key.name !== name) continue
      const { value } = member as { value?: Node | null }
      if (value != null && isFunction(value)) return value
    }
    return undefined
  }
  return undefined
}
