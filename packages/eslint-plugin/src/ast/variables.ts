import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { annotatedType, initOf } from './bindings.js'
import { namesTo } from './carried.js'
import { tailOf, wordsOf } from './names.js'
import { bare, type Node } from './nodes.js'

export type Variable = TSESLint.Scope.Variable

/** `const { body } = ctx.request` → `['ctx', 'request', 'body']`. */
export function takenFrom(variable: Variable): string[] | undefined {
  const [definition] = variable.defs
  if (definition?.node.type !== 'VariableDeclarator' || definition.node.init == null) return undefined
  const { id, init } = definition.node
  if (id.type !== 'ObjectPattern') return undefined
  const from = bare(init)
  if (from.type !== 'Identifier' && from.type !== 'MemberExpression') return undefined
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
    const value = property.value.type === 'AssignmentPattern' ? property.value.left : property.value
    if (value.type === 'Identifier' && value.name === variable.name)
      return [...namesTo(from), property.key.name]
  }
  return undefined
}

/** `@Body() dto`: what a parameter is given is written in front of it. */
export function decoratorsOf(variable: Variable): readonly TSESTree.Decorator[] {
  const [definition] = variable.defs
  if (definition?.type !== 'Parameter') return []
  return (definition.name as { decorators?: TSESTree.Decorator[] }).decorators ?? []
}

const scalars = new Set(['TSStringKeyword', 'TSNumberKeyword', 'TSBooleanKeyword', 'TSBigIntKeyword'])

/** Written down as a text or a number, or given one. */
export function isScalar(variable: Variable): boolean {
  for (const { name } of variable.defs) {
    const { typeAnnotation } = name as { typeAnnotation?: TSESTree.TSTypeAnnotation }
    const type = typeAnnotation?.typeAnnotation
    if (type === undefined) continue
    const all = type.type === 'TSUnionType' ? type.types : [type]
    if (all.some((each) => scalars.has(each.type) || each.type === 'TSLiteralType')) return true
  }
  const init = initOf(variable)
  if (init === undefined) return false
  const inner = bare(init)
  if (/^(?:Literal|TemplateLiteral|BinaryExpression|UnaryExpression)$/.test(inner.type)) return true
  const last = wordsOfGiven(tailOf(inner)).at(-1) ?? ''
  return /^(?:id|name|email|username|login|sub|length|size|count|key|slug)$/.test(last)
}

/** What a function gives by its name, without what it is asked by: `findByEmail` is given an email. */
export function wordsOfGiven(name: string): readonly string[] {
  const words = wordsOf(name)
  const by = words.indexOf('by')
  return by < 0 ? words : words.slice(0, by)
}

/** The name of the type that it is given; `object` for one that is spelled out. */
export function typeOf(variable: Variable): string | undefined {
  const [definition] = variable.defs
  if (definition === undefined) return undefined
  const name = definition.name as Node
  const { typeAnnotation } = name as { typeAnnotation?: TSESTree.TSTypeAnnotation }
  const type = typeAnnotation?.typeAnnotation
  if (type?.type === 'TSTypeLiteral') return 'object'
  if (type?.type === 'TSUnionType') {
    const reference = type.types.find((each) => each.type === 'TSTypeReference')
    return reference === undefined
      ? undefined
      : annotatedType({ ...name, typeAnnotation: { ...typeAnnotation, typeAnnotation: reference } } as Node)
  }
  return annotatedType(name)
}
