import { dim, green, plain, red, yellow, type Style } from './colours.js'
import { duration } from './duration.js'
import { isEntry, numberOf, textOf } from './entry.js'
import { escapeText } from './escape.js'
import { segment, span, type Segment, type Span } from './layout.js'
import { cut } from './width.js'

/** As many steps as the closing event lists. */
export const maxOutcomes = 64
export const maxStepName = 40
const maxDots = 16
const maxSteps = 8

/** How far one step got; `open` is running or unknown. */
export type Outcome = 'done' | 'failed' | 'skipped' | 'open' | 'ahead'

const dots: Record<Outcome, [string, Style]> = {
  done: ['●', green],
  failed: ['✗', red],
  skipped: ['–', dim],
  open: ['◐', yellow],
  ahead: ['○', dim],
}

/** One step as the closing event's `steps` lists it. */
export interface Step {
  readonly name: string
  readonly outcome: Outcome
  readonly duration: number | undefined
  readonly attempts: number
}

/** `●●✗○`, or `●40 ✗ ○3` where that would be long. */
export function drawLadder(all: readonly Outcome[]): Span[] {
  if (all.length <= maxDots) return all.map((outcome) => span(...dots[outcome]))
  const runs: [Outcome, number][] = []
  for (const outcome of all) {
    const last = runs.at(-1)
    if (last?.[0] === outcome) last[1]++
    else runs.push([outcome, 1])
  }
  return runs.slice(0, maxDots).flatMap(([outcome, count], index) => {
    const [dot, style] = dots[outcome]
    return [span(`${index === 0 ? '' : ' '}${dot}${count === 1 ? '' : count}`, style)]
  })
}

/** Each step with its time; where they are many, the slowest, and always those that failed. */
export function breakdown(steps: readonly Step[]): Segment[] {
  if (steps.length === 0) return []
  const kept = new Set([...steps].sort((a, b) => rank(b) - rank(a)).slice(0, maxSteps))
  const segments = steps
    .filter((step) => kept.has(step))
    .map((step, index) => {
      const failed = step.outcome === 'failed'
      const took = timeOf(step)
      return segment(
        index === 0 ? 3 : 1,
        ...(index === 0 ? [] : [span('· ', dim)]),
        span(cut(escapeText(step.name), maxStepName), failed ? red : dim),
        span(`${took}${times(step.attempts)}`, failed ? red : plain),
      )
    })
  if (steps.length > maxSteps) segments.push(segment(1, span(`· and ${steps.length - maxSteps} more`, dim)))
  return segments
}

function timeOf({ outcome, duration: ms }: Step): string {
  if (outcome === 'skipped') return ' skipped'
  return ms === undefined ? '' : ` ${duration(ms)}`
}

export function times(attempts: number): string {
  return attempts > 1 ? ` ×${attempts}` : ''
}

function rank({ outcome, duration }: Step): number {
  return outcome === 'failed' ? Infinity : (duration ?? 0)
}

export function stepsOf(value: unknown): Step[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, maxOutcomes)
    .filter(isEntry)
    .map((step) => ({
      name: textOf(step, 'step') ?? '?',
      outcome: outcomeOf(textOf(step, 'outcome')),
      duration: numberOf(step, 'duration_ms'),
      attempts: numberOf(step, 'attempts') ?? 1,
    }))
}

function outcomeOf(text: string | undefined): Outcome {
  if (text === 'completed' || text === 'ok') return 'done'
  if (text === 'failed') return 'failed'
  return text === 'skipped' ? 'skipped' : 'open'
}
