import type { TSESTree } from '@typescript-eslint/utils'
import { ancestorsOf, bare, isFunction, type Node, within } from './nodes.js'

/** What decides that a statement is reached: the nearest `if`, `case` or `catch` around it, inside its function. */
export type Guard =
  | {
      readonly kind: 'if'
      readonly test: TSESTree.Expression
      readonly node: TSESTree.IfStatement
      readonly isElse: boolean
    }
  | { readonly kind: 'case'; readonly test: TSESTree.Expression; readonly node: TSESTree.SwitchCase }
  | { readonly kind: 'catch'; readonly node: TSESTree.CatchClause }

/** The nearest guard first. */
export function guardsOf(node: Node): Guard[] {
  const guards: Guard[] = []
  let inner: Node = node
  for (const each of ancestorsOf(node)) {
    if (isFunction(each)) break
    if (each.type === 'IfStatement' && inner !== each.test)
      guards.push({ kind: 'if', test: each.test, node: each, isElse: inner === each.alternate })
    else if (each.type === 'SwitchCase' && each.parent.type === 'SwitchStatement')
      guards.push({ kind: 'case', test: each.parent.discriminant, node: each })
    else if (each.type === 'CatchClause') guards.push({ kind: 'catch', node: each })
    inner = each
  }
  return guards
}

/** `// why` above `const lock = await …` is said of the `if (!lock)` that follows as well. */
export function declarationBefore(statement: TSESTree.IfStatement): Node[] {
  const { parent } = statement
  if (parent.type !== 'BlockStatement') return []
  const before = parent.body[parent.body.indexOf(statement) - 1]
  if (before?.type !== 'VariableDeclaration' || before.loc.end.line + 1 !== statement.loc.start.line)
    return []
  const [declared] = before.declarations
  const name = declared?.id.type === 'Identifier' ? declared.id.name : undefined
  const isAsked = [...within(statement.test)].some((each) => each.type === 'Identifier' && each.name === name)
  return isAsked ? [before] : []
}

/** The statements that run in the branch before the return, those of blocks inside of it too: `try { await send(); return }`. */
export function branchOf(guard: Guard, node: Node): readonly Node[] {
  const before: (readonly Node[])[] = []
  for (let each: Node = node; each !== (guard.node as Node) && each.parent != null; each = each.parent) {
    const { parent } = each as { parent: Node }
    const statements =
      parent.type === 'BlockStatement'
        ? parent.body
        : parent === (guard.node as Node) && parent.type === 'SwitchCase'
          ? parent.consequent
          : []
    before.push(statements.slice(0, statements.indexOf(each as TSESTree.Statement)))
  }
  return before.reverse().flat()
}

/** `state === 'open'` */
export function isEquality(test: Node): boolean {
  const inner = bare(test)
  return inner.type === 'BinaryExpression' && /^===?$/.test(inner.operator)
}
