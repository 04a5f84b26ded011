import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf, wordsOf } from './names.js'
import { type Node, within } from './nodes.js'
import { isReason } from './reasons.js'

const ending =
  /^(?:close|destroy|disconnect|quit|end|terminate|kill|abort|cancel|release|unsubscribe|cleanup|removeAllListeners|unref|stop|dispose|exit|return)$/
const unlinking = /^(?:unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync)$/

/** Only what leaves in order: that it was gone already is no news. */
export function isCleanup(statements: readonly Node[]): boolean {
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
export function isExplainedCleanup(node: Node, sourceCode: TSESLint.SourceCode): boolean {
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
