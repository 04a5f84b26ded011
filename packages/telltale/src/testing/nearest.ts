import { factsOf } from './captured-logs.js'
import { type Difference, differences } from './differences.js'
import { type Expectation, shown } from './expectation.js'
import type { LoggedEvent } from './logged-event.js'

const maxShown = 3
const maxNames = 20

/** An event that comes near an expectation, and where it does not fulfil it. */
export interface Near {
  readonly event: LoggedEvent
  readonly differences: readonly Difference[]
}

/** The events of the expected name, those with the fewest differences first. */
export function nearest(events: readonly LoggedEvent[], { event: name, fields = {} }: Expectation): Near[] {
  return events
    .filter((event) => name === undefined || factsOf(event).event === name)
    .map((event) => ({ event, differences: differences(fields, event) }))
    .sort((a, b) => a.differences.length - b.differences.length)
}

/** What was logged instead of what was expected, for a person. */
export function whatWasLogged(events: readonly LoggedEvent[], expectation: Expectation): string {
  if (events.length === 0) return 'Nothing was logged.'
  const near =
    expectation.error === undefined ? nearest(events, expectation) : errorsFirst(events, expectation)
  if (near.length === 0) return `Logged instead:\n${names(events, expectation.event ?? '')}`
  const more = near.length > maxShown ? `\n  … and ${near.length - maxShown} more` : ''
  return `Nearest:\n${near.slice(0, maxShown).map(line).join('\n')}${more}`
}

function errorsFirst(events: readonly LoggedEvent[], expectation: Expectation): Near[] {
  const isFailure = ({ event }: Near): boolean => ['error', 'critical'].includes(factsOf(event).level)
  const near = nearest(events, expectation)
  return [...near.filter(isFailure), ...near.filter((each) => !isFailure(each))]
}

function line({ event, differences }: Near): string {
  const { level, event: name } = factsOf(event)
  const error = event['error'] as { type?: unknown; message?: unknown } | undefined
  const failure = error === undefined ? '' : `  (${String(error.type)}: ${String(error.message)})`
  const wrong = differences.map(
    ({ path, expected, actual }) =>
      `\n    ${path || 'the event'}: expected ${shown(expected)}, ${actual === undefined ? 'not logged' : `logged ${shown(actual)}`}`,
  )
  return `  ${level} ${name}${failure}${wrong.join('')}`
}

/** Each name once, the most similar first. */
function names(events: readonly LoggedEvent[], wanted: string): string {
  const counts = new Map<string, { level: string; count: number }>()
  for (const each of events) {
    const { event, level } = factsOf(each)
    const known = counts.get(event)
    if (known === undefined) counts.set(event, { level, count: 1 })
    else known.count++
  }
  const sorted = [...counts].sort(([a], [b]) => distance(a, wanted) - distance(b, wanted))
  const lines = sorted
    .slice(0, maxNames)
    .map(([name, { level, count }]) => `  ${level} ${name}${count === 1 ? '' : `  ×${count}`}`)
  return lines.join('\n') + (sorted.length > maxNames ? `\n  … and ${sorted.length - maxNames} more` : '')
}

/** How many characters must change to make one name of the other. */
function distance(from: string, to: string): number {
  const [a, b] = [from.slice(0, 100), to.slice(0, 100)]
  let row = Array.from({ length: b.length + 1 }, (_each, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
