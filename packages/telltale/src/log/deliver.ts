import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { capturing, unheard } from './capture/unheard.js'
import { error, levels } from './levels.js'
import { pipeline, type Render } from './pipeline.js'
import { beginToEnd, ending, type LivingSink } from './sinks/ending.js'
import type { Sink } from './sinks/sink.js'
import { events, publish } from './subscribe.js'

// Lines that destinations raise while they write, about what they write, about that.
const maxNested = 4
let nested = 0

/** To every destination that takes the level; `error` and above go out before this returns. */
export function deliver(line: string, level: number): void {
  if (nested === maxNested) {
    dropped('log', 'nested')
    reportOnce(
      'nested',
      'a log sink or subscriber raises an event for each event that it gets; these are dropped',
    )
    return
  }
  nested++
  try {
    if (capturing.count > 0) unheard(() => deliverTo(line, level))
    else deliverTo(line, level)
  } finally {
    nested--
  }
}

function deliverTo(line: string, level: number): void {
  if (events.hasSubscribers) publish(line, level)
  if (pipeline.taps.length > 0 && tapped(line, level)) return
  const name = levels[level]!
  let rendered: string | undefined
  let renderedBy: Render | undefined
  for (const { sink, level: lowest, render } of pipeline.routes) {
    if (level < lowest) continue
    let text = line
    if (render !== undefined) {
      if (render !== renderedBy) rendered = rendering(render, line)
      renderedBy = render
      text = rendered!
    }
    try {
      const result: unknown = sink.write(text, name)
      if (result !== undefined) watch('write', result)
    } catch (problem) {
      failed('write', problem)
    }
    if (ending.deadline !== undefined) finish(sink)
    else if (level >= error) tell(sink, 'flush')
  }
}

// A line is better in another format than lost.
function rendering(render: Render, line: string): string {
  try {
    return render(line)
  } catch (problem) {
    dropped('log', 'render')
    reportOnce('render', `a line could not be rendered and is written as JSON: ${show(problem)}`)
    return line
  }
}

function tapped(line: string, level: number): boolean {
  let taken = false
  for (const tap of pipeline.taps) {
    try {
      if (tap(line, level)) taken = true
    } catch (problem) {
      dropped('log', 'subscriber')
      reportOnce('subscriber', `a subscriber of log events failed: ${show(problem)}`)
    }
  }
  return taken
}

export function flushSinks(): void {
  for (const { sink } of pipeline.routes) tell(sink, 'flush')
}

/** A sink, and what lets it hand on what it holds, as long as that takes it. */
export interface Settling {
  readonly name: string
  /** Never rejects. */
  settle(): Promise<void>
}

/** The sinks of one's own, and those whose destinations are full. */
export function sinksToSettle(): Settling[] {
  const own = pipeline.routes.flatMap(({ sink }, index): Settling[] =>
    ending.living.has(sink as LivingSink)
      ? []
      : [{ name: `the sink log.sinks[${index}]`, settle: () => settled(sink) }],
  )
  return [...own, ...ending.living]
}

async function settled(sink: Sink): Promise<void> {
  try {
    await (sink.flushAndWait === undefined ? sink.flush?.() : sink.flushAndWait())
  } catch (problem) {
    failed('flushAndWait', problem)
  }
}

/** The last act of a process: from here on every line goes out at once. */
export function flushAtExit(): void {
  beginToEnd()
  for (const sink of new Set([...ending.living, ...pipeline.routes.map((route) => route.sink)])) finish(sink)
}

function finish(sink: Sink): void {
  tell(sink, sink.flushAndWait === undefined ? 'flush' : 'flushAndWait')
}

/** A sink is somebody's own code: what it throws or rejects with ends here, and the other sinks get their lines. */
function tell(sink: Sink, act: 'flush' | 'flushAndWait'): void {
  try {
    const result: unknown = sink[act]?.()
    if (result !== undefined) watch(act, result)
  } catch (problem) {
    failed(act, problem)
  }
}

function watch(act: keyof Sink, result: unknown): void {
  if (typeof result !== 'object' || result === null) return
  Promise.resolve(result).catch((problem: unknown) => failed(act, problem))
}

function failed(act: keyof Sink, problem: unknown): void {
  dropped('log', 'sink')
  reportOnce(`sink ${act}`, `${act}() of a log sink failed: ${show(problem)}`)
}
