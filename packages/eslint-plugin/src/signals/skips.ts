import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { type Guard, guardsOf } from '../ast/guards.js'
import { idsAt } from '../ast/ids.js'
import { camelCase, functionName, tailOf, wordsOf } from '../ast/names.js'
import { ancestorsOf, isFunction, type Node } from '../ast/nodes.js'
import { hasComments } from '../ast/parentheses.js'
import { quoted } from '../ast/quotes.js'
import { wordsOfTest } from '../ast/wording.js'
import type { Sight } from './sight.js'
import { callBefore, endOf } from './insertion.js'
import { callOf, objectOf } from './lines.js'
import { loggerAt } from './loggers.js'
import { isReserved } from './reserved.js'

/** The line that would say why, in the form of the logger that is in scope. */
export function tellingLine(
  node: TSESTree.ReturnStatement,
  sight: Sight,
): { readonly call: string; readonly fix: (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix } | undefined {
  const { sourceCode } = sight
  const logger = loggerAt(node, sight)
  const [guard] = guardsOf(node)
  if (logger === undefined || guard === undefined) return undefined
  const test = guard.kind === 'catch' ? undefined : guard.test
  const reason = wordsOfGuard(guard)
  const name = wordsOf(nameAround(node) ?? 'work')
  const ids = idsAt(node, test, sourceCode)
  if (logger.source === 'telltale') {
    if (hasComments(node, sourceCode)) return undefined
    const fields = [
      { name: 'reason', value: quoted(reason.join('_'), sourceCode) },
      ...ids
        .map(({ words, text }) => ({ name: words.join('_'), value: text }))
        .filter(({ name }) => !isReserved(name)),
    ]
    const { argument } = node
    const isValue = argument != null && !(argument.type === 'Identifier' && argument.name === 'undefined')
    const text = argument == null ? '' : sourceCode.getText(argument)
    const value = isValue ? `, ${argument.type === 'SequenceExpression' ? `(${text})` : text}` : ''
    const event = quoted([...name, 'skipped'].join('_'), sourceCode)
    const call = `${logger.text}.skip(${event}, ${objectOf(fields)}${value})`
    return { call, fix: (fixer) => fixer.replaceText(node, `return ${call}${endOf(node, sourceCode)}`) }
  }
  const call = callOf(
    logger,
    {
      level: 'warn',
      text: `${name.join(' ')} skipped: ${reason.join(' ')}`,
      fields: ids.map(({ words, text }) => ({ name: camelCase(words), value: text })),
    },
    sourceCode,
  )
  return { call, fix: callBefore(node, call, sourceCode) }
}

function wordsOfGuard(guard: Guard): readonly string[] {
  if (guard.kind === 'catch') return ['failed']
  const words =
    guard.kind === 'case'
      ? [
          ...wordsOfTest(guard.test),
          ...(guard.node.test === null ? ['other'] : wordsOf(textOf(guard.node.test))),
        ]
      : guard.isElse
        ? []
        : wordsOfTest(guard.test)
  return words.length === 0 ? ['not', 'applicable'] : words
}

function textOf(node: Node): string {
  return node.type === 'Literal' ? String(node.value) : tailOf(node)
}

/** The name of the function around, or of the nearest that has one. */
export function nameAround(node: Node): string | undefined {
  for (const each of ancestorsOf(node)) {
    const name = isFunction(each) ? functionName(each) : undefined
    if (name !== undefined && /^[\w$]+$/.test(name)) return name
  }
  return undefined
}
