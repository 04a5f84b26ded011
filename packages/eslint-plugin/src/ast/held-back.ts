import type { TSESTree } from '@typescript-eslint/utils'
import { pathOf, tailOf, wordsOf } from './names.js'
import { bare, type Node, throughout } from './nodes.js'

/** `order.state !== 'paid'`: what is for those of one state passes over all others. In `order?.state`, that there is none hides. */
export function isStateFilter(test: Node): boolean {
  const inner = bare(test)
  return (
    inner.type === 'BinaryExpression' &&
    /^!==?$/.test(inner.operator) &&
    inner.left.type !== 'ChainExpression' &&
    ((inner.right.type === 'Literal' && typeof inner.right.value === 'string') ||
      (inner.right.type === 'MemberExpression' && /^[A-Z]/.test(pathOf(inner.right)[0] ?? '')))
  )
}

/** Another instance does it: this one leads none of them. */
export function isLedElsewhere(test: Node): boolean {
  for (const each of throughout(test))
    if (
      each.type === 'Identifier' &&
      wordsOf(each.name).some((word) => /^(?:leader|leadership|primary)$/.test(word))
    )
      return true
  return false
}

/** Something else holds it: `if (!locked)`. */
export function isBusy(test: Node): boolean {
  const inner = bare(test)
  return (
    inner.type === 'UnaryExpression' &&
    inner.operator === '!' &&
    pathOf(inner.argument)
      .flatMap(wordsOf)
      .some((word) => locks.has(word))
  )
}

const locks = new Set('lock locked acquired mutex lease'.split(' '))

function isPresence({ right, operator }: TSESTree.BinaryExpression): boolean {
  return (
    /^!==?$/.test(operator) &&
    (right.type === 'Literal' ? right.raw === 'null' : tailOf(right) === 'undefined')
  )
}

/** Held back on purpose, by a call that says so: `isQuiet(rule, at)`, `preferences.muted.includes(kind)`. */
export function isSilenced(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return inner.operator === '&&' && isSilenced(inner.right)
  const isDenied = inner.type === 'UnaryExpression' && inner.operator === '!'
  const call = isDenied ? bare(inner.argument) : inner
  const says = isDenied ? limiting : silencing
  return (
    call.type === 'CallExpression' &&
    pathOf(call)
      .flatMap(wordsOf)
      .some((word) => says.test(word))
  )
}

const silencing =
  /^(?:quiet|muted|silenced|snoozed|suppressed|suppression|suppressions|throttled|blocklist|denylist|within|recently)$/
const limiting = /^(?:limiter|limit|throttle|throttler|debounce|cooldown)$/

/** A thing that is stopped: `if (invoice.disputed)`, `if (attempt.pausedAt)`. */
export function isStopped(test: Node): boolean {
  const inner = bare(test)
  // workspace.suspendedAt !== null
  if (inner.type === 'BinaryExpression') return isPresence(inner) && isStopped(inner.left)
  if (inner.type !== 'MemberExpression' && inner.type !== 'Identifier') return false
  if (pathOf(inner)[0] === 'this') return false
  return wordsOf(tailOf(inner)).some((word) => stopping.has(word))
}

// What stops a thing for good or for a time, rather than saying that it has been done.
export const stopping = new Set(
  'closed bounced deactivated deleted paused suspended denied blocked banned disabled revoked archived anonymised anonymized expired withdrawn locked muted silenced disputed refused rejected suppressed unsubscribed'.split(
    ' ',
  ),
)
