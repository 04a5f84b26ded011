import { isEquality } from './guards.js'
import { tailOf, wordsOf } from './names.js'
import { bare, type Node, within } from './nodes.js'

const runsOut =
  /^(?:left|remaining|stock|seats?|budget|balance|quota|available|credits?|allowance|paid|amount|funds|points|cents)$/
// Held back because of what came before.
const throttle = /^(?:last|since|until|cooldown|throttle|throttled|backoff|recent)$/
const time = /^(?:now|date|time|due|at|end|start|begin|age|expires|deadline|days|hours|minutes)$/

/** Not yet, or not enough to matter: fewer than a threshold, sooner than a time. Running out and going too far are neither. */
export function isNotYet(test: Node): boolean {
  const inner = bare(test)
  // !order || order.total < 100
  if (inner.type === 'LogicalExpression')
    return isNotYet(inner.left) || (inner.operator === '||' && isBelow(inner.right))
  if (inner.type !== 'BinaryExpression' || !/^(?:[<>]=?|[!=]==?)$/.test(inner.operator)) return false
  const words = [...wordsOf(tailOf(inner.left)), ...wordsOf(tailOf(inner.right))]
  if (/^[=!]/.test(inner.operator))
    return (
      inner.operator.startsWith('!') &&
      inner.right.type === 'Literal' &&
      typeof inner.right.value === 'number'
    )
  // total < 20_000
  if (isBelow(inner)) return !isTooLate(inner)
  if (words.some((word) => runsOut.test(word) || throttle.test(word)) || isTooLate(inner)) return false
  if (inner.operator.startsWith('<')) return !(inner.right.type === 'Literal' && inner.right.value === 0)
  return words.some((word) => time.test(word))
}

function isBelow(test: Node): boolean {
  if (test.type !== 'BinaryExpression' || !test.operator.startsWith('<')) return false
  const { right } = test
  return right.type === 'Literal' && typeof right.value === 'number' && right.value > 0
}

/** Held back for a time: `sinceLast < MINUTE`, `Date.now() < this.mutedUntil`. */
export function isThrottled(test: Node): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression')
    // last.vatId === vatId && age < MONTH: what is known is fresh.
    return inner.operator === '&&' && !isEquality(inner.left) && isThrottled(inner.right)
  if (inner.type !== 'BinaryExpression' || !/^[<>]=?$/.test(inner.operator)) return false
  const [less, more] = inner.operator.startsWith('<') ? [inner.left, inner.right] : [inner.right, inner.left]
  const names = (node: Node): string[] =>
    [...within(node)].flatMap((each) => (each.type === 'Identifier' ? wordsOf(each.name) : []))
  if (names(more).some((word) => /^(?:until|cooldown)$/.test(word))) return true
  return names(less).some((word) => /^(?:last|since)$/.test(word)) && !isNowOrAge(more)
}

/** Too old, or tried too often: given up. `Date.now() > endsAt + GRACE`, `job.attempts >= MAX_ATTEMPTS`. */
export function isTooLate(test: Node): boolean {
  const inner = bare(test)
  // expiresAt && expiresAt < now
  if (inner.type === 'LogicalExpression') return inner.operator === '&&' && isTooLate(inner.right)
  if (inner.type !== 'BinaryExpression' || !/^[<>]=?$/.test(inner.operator)) return false
  const [more, less] = inner.operator.startsWith('>') ? [inner.left, inner.right] : [inner.right, inner.left]
  if (
    inner.operator.startsWith('>') &&
    wordsOf(tailOf(more)).some((word) => /^(?:attempts?|tries|retries)$/.test(word))
  )
    return true
  return isNowOrAge(more) && !isNowOrAge(less)
}

/** `Date.now()`, `now`, `new Date()`, and how long ago something was: `Date.now() - startedAt`, `differenceInDays(…)`, `age`. */
function isNowOrAge(node: Node): boolean {
  const inner = bare(node)
  if (inner.type === 'BinaryExpression') return inner.operator === '-' && isNowOrAge(inner.left)
  if (inner.type === 'NewExpression') return tailOf(inner.callee) === 'Date' && inner.arguments.length === 0
  return wordsOf(tailOf(inner)).some((word) => /^(?:now|age|elapsed|difference|diff)$/.test(word))
}
