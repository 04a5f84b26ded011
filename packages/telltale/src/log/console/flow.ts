import { bold, dim, green, plain, red, yellow, type Style } from './colours.js'
import { duration } from './duration.js'
import { isEntry, numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { segment, span, type Segment, type Span } from './layout.js'
import { field } from './values.js'
import { cut, pad } from './width.js'

const eventName =
  /^(.+)_flow_(started|step|step_failed|completed|failed|stalled|interrupted|handed_off|resumed)$/
const drawn = [
  'flow',
  'step',
  'step_index',
  'progress',
  'steps',
  'steps_declared',
  'last_step',
  'outcome',
  'attempts',
  'will_retry',
  'duration_ms',
  'age_ms',
  'expect_ms',
]
const maxOutcomes = 64
const maxDots = 16
const maxName = 32
const maxSteps = 8
const maxStepName = 40

/** A flow's event as a ladder, `retake  ●●○ clear_answers   2/3   11 ms`, and the fields it has drawn. */
export interface FlowDrawing {
  readonly phrase: Segment[]
  readonly fields: Segment[]
  readonly drawn: readonly string[]
}

type Outcome = 'done' | 'failed' | 'skipped' | 'open' | 'ahead'

const dots: Record<Outcome, [string, Style]> = {
  done: ['●', green],
  failed: ['✗', red],
  skipped: ['–', dim],
  open: ['◐', yellow],
  ahead: ['○', dim],
}

interface Step {
  readonly name: string
  readonly outcome: Outcome
  readonly duration: number | undefined
  readonly attempts: number
}

/** The flow's name where the entry is a flow event. */
export function flowName(entry: Entry): string | undefined {
  const name = eventName.exec(textOf(entry, 'event') ?? '')?.[1]
  return name === undefined ? undefined : (textOf(entry, 'flow') ?? name)
}

/** Draws a `*_flow_*` event; `nameSize` is the column its name is padded to. */
export function flowEvent(entry: Entry, nameSize: number, room: number): FlowDrawing {
  const name = flowName(entry) ?? ''
  const kind = eventName.exec(textOf(entry, 'event') ?? '')?.[2] ?? ''
  const steps = stepsOf(entry.steps)
  const at = textOf(entry, 'step') ?? textOf(entry, 'last_step')
  const progress = /^(\d{1,4})\/(\d{1,4})$/.exec(textOf(entry, 'progress') ?? '')
  const ladder = drawLadder(outcomes(kind, steps, entry, progress))
  const phrase = [
    segment(
      0,
      span(pad(cut(escapeText(name), maxName), nameSize), bold),
      span(ladder.length > 0 ? '  ' : ''),
      ...ladder,
    ),
    ...headline(kind, at, entry),
  ]
  if (progress !== null && kind !== 'started' && kind !== 'completed') {
    phrase.push(segment(3, span(progress[0], dim)))
  }
  const took = numberOf(entry, 'duration_ms') ?? numberOf(entry, 'age_ms')
  const expected = numberOf(entry, 'expect_ms')
  if (took !== undefined) phrase.push(segment(3, span(duration(took), took >= 1000 ? yellow : plain)))
  if (expected !== undefined) phrase.push(segment(1, span(`(expected ${duration(expected)})`, dim)))
  if (kind !== 'step') phrase.push(...breakdown(steps))
  // The whole id where someone will look for the rest of it.
  const lookedFor = kind !== 'step' && kind !== 'completed' && textOf(entry, 'flow_id') !== undefined
  return { phrase, fields: lookedFor ? [field('flow_id', entry.flow_id, room)] : [], drawn }
}

function headline(kind: string, at: string | undefined, entry: Entry): Segment[] {
  const step = cut(escapeText(at ?? ''), maxStepName)
  const attempts = times(numberOf(entry, 'attempts') ?? 1)
  if (kind === 'step') return [segment(1, span(step), span(attempts, dim))]
  if (kind === 'step_failed') {
    const failed = entry.will_retry === true ? span('failed, retrying', yellow) : span('failed', red)
    return [segment(1, span(step)), segment(1, failed, span(attempts, dim))]
  }
  if (kind === 'completed') return [segment(1, span('completed', green))]
  const style = kind === 'failed' ? red : kind === 'stalled' || kind === 'interrupted' ? yellow : plain
  const words = kind.replace('_', ' ')
  if (step === '' || kind === 'started') return [segment(1, span(words, style))]
  return [segment(1, span(`${words} at`, style)), segment(1, span(step, style))]
}

/** The closing event lists its steps; the others tell how many are done, of how many if those were declared. */
function outcomes(kind: string, steps: Step[], entry: Entry, progress: RegExpExecArray | null): Outcome[] {
  const total = Number(progress?.[2] ?? numberOf(entry, 'steps_declared') ?? 0)
  const seen = steps.map(({ outcome }) => outcome)
  if (seen.length === 0) {
    const index = numberOf(entry, 'step_index') ?? 0
    const done = Number(progress?.[1] ?? (kind === 'step' ? index : index - 1))
    for (let count = Math.min(done, maxOutcomes); count > 0; count--) seen.push('done')
    if (kind === 'step_failed') seen.push('failed')
    if (kind === 'stalled' || kind === 'interrupted') seen.push('open')
  }
  while (seen.length < Math.min(total, maxOutcomes)) seen.push('ahead')
  return seen
}

/** `●●✗○`, or `●40 ✗ ○3` where that would be long. */
function drawLadder(all: readonly Outcome[]): Span[] {
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
function breakdown(steps: readonly Step[]): Segment[] {
  if (steps.length === 0) return []
  const kept = new Set([...steps].sort((a, b) => rank(b) - rank(a)).slice(0, maxSteps))
  const segments = steps
    .filter((step) => kept.has(step))
    .map((step, index) => {
      const failed = step.outcome === 'failed'
      const took = step.duration === undefined ? '' : ` ${duration(step.duration)}`
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

function times(attempts: number): string {
  return attempts > 1 ? ` ×${attempts}` : ''
}

function rank({ outcome, duration }: Step): number {
  return outcome === 'failed' ? Infinity : (duration ?? 0)
}

function stepsOf(value: unknown): Step[] {
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
