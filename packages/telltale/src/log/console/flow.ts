import { bold, dim, green, plain, red, yellow } from './colours.js'
import { duration } from './duration.js'
import { numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import {
  breakdown,
  drawLadder,
  maxOutcomes,
  maxStepName,
  stepsOf,
  times,
  type Outcome,
  type Step,
} from './ladder.js'
import { segment, span, type Segment } from './layout.js'
import { field } from './values.js'
import { cut, pad } from './width.js'

const eventName =
  /^(.+)_flow_(started|step|step_failed|completed|failed|stalled|interrupted|lost|handed_off|resumed)$/
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
const maxName = 32

/** A flow's event as a ladder, `retake  ●●○ clear_answers   2/3   11 ms`, and the fields it has drawn. */
export interface FlowDrawing {
  readonly phrase: Segment[]
  readonly fields: Segment[]
  readonly drawn: readonly string[]
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
    ...headline(kind, at, entry, steps),
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
  return { phrase, fields: lookedFor ? [field('flow_id', entry.flow_id, room, true)] : [], drawn }
}

const inDoubt: ReadonlySet<string> = new Set(['stalled', 'interrupted', 'lost'])

const isSkipped = (entry: Entry): boolean => textOf(entry, 'outcome') === 'skipped'

function headline(kind: string, at: string | undefined, entry: Entry, steps: readonly Step[]): Segment[] {
  const step = cut(escapeText(at ?? ''), maxStepName)
  const attempts = times(numberOf(entry, 'attempts') ?? 1)
  if (kind === 'step' && isSkipped(entry)) return [segment(1, span(step)), segment(1, span('skipped', dim))]
  if (kind === 'step') return [segment(1, span(step), span(attempts, dim))]
  if (kind === 'step_failed') {
    const failed = entry.will_retry === true ? span('failed, retrying', yellow) : span('failed', red)
    return [segment(1, span(step)), segment(1, failed, span(attempts, dim))]
  }
  if (kind === 'completed') return [segment(1, span('completed', green))]
  const style = kind === 'failed' ? red : inDoubt.has(kind) ? yellow : plain
  const words = kind.replace('_', ' ')
  if (step === '' || kind === 'started') return [segment(1, span(words, style))]
  const isOver = steps.findLast(({ name }) => name === at)?.outcome === 'done'
  return [segment(1, span(`${words} ${isOver ? 'after' : 'at'}`, style)), segment(1, span(step, style))]
}

/** The closing event lists its steps; the others tell how many are done, of how many if those were declared. */
function outcomes(kind: string, steps: Step[], entry: Entry, progress: RegExpExecArray | null): Outcome[] {
  const total = Number(progress?.[2] ?? numberOf(entry, 'steps_declared') ?? 0)
  const seen = steps.map(({ outcome }) => outcome)
  const passed = seen.filter((outcome) => outcome === 'done' || outcome === 'skipped').length
  if (seen.length === 0) {
    const index = numberOf(entry, 'step_index') ?? 0
    const done = Number(progress?.[1] ?? (kind === 'step' || kind === 'resumed' ? index : index - 1))
    for (let count = Math.min(done, maxOutcomes); count > 0; count--) seen.push('done')
    if (kind === 'step' && isSkipped(entry)) seen[seen.length - 1] = 'skipped'
    if (kind === 'step_failed') seen.push('failed')
    if (inDoubt.has(kind)) seen.push('open')
  } else {
    // Other processes have been through those that are not listed.
    for (let count = Number(progress?.[1] ?? 0) - passed; count > 0 && seen.length < maxOutcomes; count--)
      seen.unshift('done')
  }
  while (seen.length < Math.min(total, maxOutcomes)) seen.push('ahead')
  return seen
}
