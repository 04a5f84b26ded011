import { channel } from 'node:diagnostics_channel'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { type Level, levels } from './levels.js'
import { addTap, pipeline } from './pipeline.js'

/** An event as it was written, redacted. */
export interface LogEvent {
  readonly level: Level
  readonly logger: string
  readonly event: string
  /** The JSON line without its newline. */
  readonly line: string
  /** The line parsed, at the first look: microseconds that nobody pays who does not ask. */
  readonly entry: Readonly<Record<string, unknown>>
}

class WrittenEvent implements LogEvent {
  private parsed: Record<string, unknown> | undefined

  constructor(
    readonly line: string,
    readonly level: Level,
  ) {}

  get entry(): Record<string, unknown> {
    return (this.parsed ??= JSON.parse(this.line) as Record<string, unknown>)
  }

  get logger(): string {
    return String(this.entry[pipeline.keys.logger])
  }

  get event(): string {
    return String(this.entry[pipeline.keys.event])
  }
}

/**
 * The `diagnostics_channel` on which every written event is published as a `LogEvent`; without a subscriber it costs a
 * comparison. What a subscriber of a channel throws is, by Node's rules, an uncaught exception.
 */
export const events = channel('telltale:event')

const publishing = slot('log.publishing', () => ({ busy: false }))

/** An event that a subscriber raises itself is not published. */
export function publish(line: string, level: number): void {
  if (publishing.busy) return
  publishing.busy = true
  try {
    events.publish(new WrittenEvent(line.slice(0, -1), levels[level]!))
  } finally {
    publishing.busy = false
  }
}

/**
 * Calls `listener` with every event that is written, after redaction; returns what ends that. It runs inside the log
 * call: hand work on. What it throws or rejects with is counted and said once; an event that it raises itself does not
 * come back to it. Without a subscriber it costs nothing.
 *
 * @example
 * const stop = onEvent(({ level, event, entry }) => void (level === 'error' && page(event, entry)))
 */
export function onEvent(listener: (event: LogEvent) => unknown): () => void {
  if (typeof listener !== 'function') {
    throw new TypeError(`onEvent() takes a function of the event, got ${typeof listener}.`)
  }
  let busy = false
  return addTap((line, level) => {
    if (busy) return false
    busy = true
    try {
      const result = listener(new WrittenEvent(line.slice(0, -1), levels[level]!))
      if (result instanceof Promise) result.catch(failed)
    } catch (problem) {
      failed(problem)
    } finally {
      busy = false
    }
    return false
  })
}

function failed(problem: unknown): void {
  dropped('log', 'subscriber')
  reportOnce('subscriber', `a subscriber of log events failed: ${show(problem)}`)
}
