import type { TSESTree } from '@typescript-eslint/utils'

type Keys = {
  readonly [Type in TSESTree.Node['type']]?: readonly (keyof Extract<TSESTree.Node, { type: Type }>)[]
}

/** Of the types that nearly all code is made of, the others have their keys looked through. */
const known: Keys = {
  ArrayExpression: ['elements'],
  ArrayPattern: ['decorators', 'elements', 'typeAnnotation'],
  ArrowFunctionExpression: ['typeParameters', 'params', 'returnType', 'body'],
  AssignmentExpression: ['left', 'right'],
  AssignmentPattern: ['decorators', 'left', 'right', 'typeAnnotation'],
  AwaitExpression: ['argument'],
  BinaryExpression: ['left', 'right'],
  BlockStatement: ['body'],
  CallExpression: ['callee', 'typeArguments', 'arguments'],
  CatchClause: ['param', 'body'],
  ChainExpression: ['expression'],
  ClassBody: ['body'],
  ConditionalExpression: ['test', 'consequent', 'alternate'],
  ExpressionStatement: ['expression'],
  ForOfStatement: ['left', 'right', 'body'],
  FunctionDeclaration: ['id', 'typeParameters', 'params', 'returnType', 'body'],
  FunctionExpression: ['id', 'typeParameters', 'params', 'returnType', 'body'],
  Identifier: ['decorators', 'typeAnnotation'],
  IfStatement: ['test', 'consequent', 'alternate'],
  Literal: [],
  LogicalExpression: ['left', 'right'],
  MemberExpression: ['object', 'property'],
  MethodDefinition: ['decorators', 'key', 'value'],
  NewExpression: ['callee', 'typeArguments', 'arguments'],
  ObjectExpression: ['properties'],
  ObjectPattern: ['decorators', 'properties', 'typeAnnotation'],
  Program: ['body'],
  Property: ['key', 'value'],
  ReturnStatement: ['argument'],
  SpreadElement: ['argument'],
  TSPropertySignature: ['key', 'typeAnnotation'],
  TSStringKeyword: [],
  TSTypeAnnotation: ['typeAnnotation'],
  TSTypeParameterInstantiation: ['params'],
  TSTypeReference: ['typeName', 'typeArguments'],
  TemplateElement: [],
  TemplateLiteral: ['quasis', 'expressions'],
  ThisExpression: [],
  ThrowStatement: ['argument'],
  TryStatement: ['block', 'handler', 'finalizer'],
  UnaryExpression: ['argument'],
  VariableDeclaration: ['declarations'],
  VariableDeclarator: ['id', 'init'],
}
const byType = new Map<string, readonly string[]>(Object.entries(known))

/** Where a node may have others below it, in their order; of any type, known to us or not. */
export function childKeysOf(node: TSESTree.Node): readonly string[] {
  return byType.get(node.type) ?? Object.keys(node).filter((key) => key !== 'parent')
}
