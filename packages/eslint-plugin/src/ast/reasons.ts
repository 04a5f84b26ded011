import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { Node } from './nodes.js'

const directive =
  /^\s*(?:eslint|oxlint|biome|prettier|istanbul|c8|v8|ts-|@ts-|global|noinspection|NOSONAR|TODO|FIXME|XXX|HACK)/i
// Where a reason may be is none.
const pointer =
  /^(?:please )?(?:see|cf|siehe|look)\.?(?: the)?(?: (?:below|above|there|next line|previous line|comment|comments|note|also|unten|oben))+[.!:]?$/i
const code = /[;{}]\s*$|=>|^\s*(?:const|let|return|if|await|import)\b.*[=(;]/

// A sentence of a script that sets no spaces between its words.
const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]{4,}/u

/** A comment that says why: words, neither a directive nor code that was taken out. */
export function isReason({ value }: TSESTree.Comment): boolean {
  const text = value.replace(/^[\s*]+/gm, ' ').trim()
  return (
    (text.split(/\s+/).filter((word) => /\p{L}{2,}/u.test(word)).length >= 2 || unspaced.test(text)) &&
    !directive.test(text) &&
    !pointer.test(text) &&
    !code.test(text)
  )
}

/** `{ // why`, `case 'paid': // why` */
function opens({ value }: TSESTree.Token): boolean {
  return value === '{' || value === ':'
}

/** Whether a comment ends the line of a statement: `await banner.click().catch(noop) // not everybody is asked`. */
export function hasReasonBehind(sourceCode: TSESLint.SourceCode, node: Node): boolean {
  let statement = node
  while (statement.parent != null && !/(?:Statement|Declaration)$/.test(statement.type))
    statement = statement.parent
  const next = sourceCode.getTokenAfter(statement, { includeComments: true })
  return (
    (next?.type === 'Line' || next?.type === 'Block') &&
    next.loc.start.line === statement.loc.end.line &&
    isReason(next as TSESTree.Comment)
  )
}

/** Whether a comment beside a statement says why it is there: above it, at the end of its line, or inside of it. */
export function hasReason(sourceCode: TSESLint.SourceCode, ...nodes: readonly Node[]): boolean {
  return nodes.some((node) => {
    const before = sourceCode.getTokenBefore(node)
    const besides = [
      // At the end of a statement's line it is about that statement.
      ...sourceCode
        .getCommentsBefore(node)
        .filter(({ loc }) => before === null || opens(before) || loc.start.line !== before.loc.end.line),
      ...sourceCode.getCommentsInside(node),
    ]
    const next = sourceCode.getTokenAfter(node, { includeComments: true })
    if (
      next !== null &&
      (next.type === 'Line' || next.type === 'Block') &&
      next.loc.start.line === node.loc.end.line
    )
      besides.push(next as TSESTree.Comment)
    return besides.some(isReason)
  })
}
