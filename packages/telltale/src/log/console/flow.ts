import { bold, dim, green, plain, red, yellow, type Style } from './colours.js'
import { duration } from './duration.js'
import { isEntry, numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { segment, span, type Segment, type Span } from './layout.js'
import { field } from './values.js'
import { cut, pad } from './width.js'

const eventName =
  /^(.+)_flow_(started|step|step_failed|completed|failed|stalled|interrupted|handed_off|resumed)$/
const drawn = ['flow', 'step', 'step_index', 'progress', 'steps', 'last_step', 'duration_ms']
const maxDots = 16
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
  const spans = [span(pad(cut(escapeText(name), Math.max(nameSize, 16)), nameSize), bold)]
  if (ladder.length > 0) spans.push(span('  '), ...ladder)
  spans.push(span(ladder.length > 0 ? ' ' : '  '), ...headline(kind, at, steps))

  const phrase = [segment(0, ...spans)]
  if (progress !== null && kind !== 'started' && kind !== 'completed')
    phrase.push(segment(3, span(progress[0], dim)))
  const took = numberOf(entry, 'duration_ms')
  if (took !== undefined) phrase.push(segment(3, span(duration(took), took >= 1000 ? yellow : plain)))
  if (kind !== 'step') phrase.push(...breakdown(steps))
  // The whole id where someone will look for the rest of it.
  const lookedFor = kind !== 'step' && kind !== 'completed' && textOf(entry, 'flow_id') !== undefined
  return { phrase, fields: lookedFor ? [field('flow_id', entry.flow_id, room)] : [], drawn }
}

function headline(kind: string, at: string | undefined, steps: readonly Step[]): Span[] {
  const step = cut(
    span(at ?? steps.findLast(({ outcome }) => outcome !== 'ahead')?.name ?? '').text,
    maxStepName,
  )
  if (kind === 'step') return [span(step)]
  if (kind === 'step_failed') return [span(step), span(' failed', red)]
  if (kind === 'completed') return [span('completed', green)]
  const style = kind === 'failed' ? red : kind === 'stalled' || kind === 'interrupted' ? yellow : plain
  const words = kind.replace('_', ' ')
  return step === '' || kind === 'started'
    ? [span(words, style)]
    : [span(`${words} at `, style), span(step, style)]
}

function outcomes(kind: string, steps: Step[], entry: Entry, progress: RegExpExecArray | null): Outcome[] {
  const total = Number(progress?.[2] ?? 0)
  const seen = steps.map(({ outcome }) => outcome)
  if (seen.length === 0) {
    const index = numberOf(entry, 'step_index')
    const done = Number(progress?.[1] ?? (kind === 'step' ? (index ?? 0) : 0))
    if (kind === 'step_failed') {
      const before = Math.max(0, Math.min(index === undefined ? done : index - 1, 64))
      seen.push(...Array.from({ length: before }, () => 'done' as const), 'failed')
    } else {
      seen.push(...Array.from({ length: Math.max(0, Math.min(done, 64)) }, () => 'done' as const))
      if (kind === 'stalled' || kind === 'interrupted') seen.push('open')
    }
  }
  while (seen.length < Math.min(total, 64)) seen.push('ahead')
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
      const times = step.attempts > 1 ? ` ×${step.attempts}` : ''
      const took = step.duration === undefined ? '' : ` ${duration(step.duration)}`
      return segment(
        index === 0 ? 3 : 1,
        ...(index === 0 ? [] : [span('· ', dim)]),
        span(cut(escapeText(step.name), maxStepName), failed ? red : dim),
        span(`${took}${times}`, failed ? red : plain),
      )
    })
  if (steps.length > maxSteps) segments.push(segment(1, span(`· and ${steps.length - maxSteps} more`, dim)))
  return segments
}

function rank({ outcome, duration }: Step): number {
  return outcome === 'failed' ? Infinity : (duration ?? 0)
}

function stepsOf(value: unknown): Step[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, 64)
    .filter(isEntry)
    .map((step) => ({
      name: textOf(step, 'step') ?? '?',
      outcome: outcomeOf(textOf(step, 'outcome')),
      duration: numberOf(step, 'duration_ms'),
      attempts: numberOf(step, 'attempts') ?? 1,
    }))
}

function outcomeOf(text: string | undefined): Outcome {
  if (text === 'ok' || text === 'completed' || text === 'success') return 'done'
  if (text === 'failed' || text === 'error') return 'failed'
  return text === 'skipped' ? 'skipped' : 'open'
}
