import { type Level, levels } from '../log/levels.js'
import { pipeline } from '../log/pipeline.js'
import { slot } from '../state/state.js'
import { matches } from './differences.js'
import type { LoggedEvent } from './logged-event.js'

const maxEvents = 10_000

/** What was logged since `captureLogs()` was called. */
export interface CapturedLogs {
  /** Every event, oldest first; of more than 10,000 the latest. */
  readonly events: readonly LoggedEvent[]
  /** The first event of this name whose fields match, as `toHaveLogged` matches them. */
  find(event: string, fields?: object): LoggedEvent | undefined
  /** All events of this name whose fields match, oldest first. */
  all(event: string, fields?: object): readonly LoggedEvent[]
  /** Forgets what was collected so far. */
  clear(): void
  /** Ends the capture; what was collected stays. */
  stop(): void
  [Symbol.dispose](): void
}

/** What a line says of itself, under whatever keys it says it. */
export interface Facts {
  readonly event: string
  readonly level: Level
}

// Shared, since a test may get the matchers from one build and the capture from the other.
const known = slot('testing.facts', () => new WeakMap<object, Facts>())

export function factsOf(event: LoggedEvent): Facts {
  return known.get(event) ?? event
}

export class Captured {
  events: readonly LoggedEvent[] = []
  readonly stop: () => void

  /** `level` is the lowest that is kept, by number; `stop` ends the capture. */
  constructor(
    readonly level: number,
    readonly print: boolean,
    stop: (captured: Captured) => void,
  ) {
    this.stop = () => stop(this)
    // Where a test file has a realm of its own, as in Jest, older Nodes give it no Symbol.dispose.
    if (typeof Symbol.dispose === 'symbol') Object.defineProperty(this, Symbol.dispose, { value: this.stop })
  }

  take(line: string, level: number): void {
    if (level < this.level) return
    const event = JSON.parse(line) as LoggedEvent
    known.set(event, { event: String(event[pipeline.keys.event]), level: levels[level]! })
    const kept = this.events as LoggedEvent[]
    kept.push(event)
    if (kept.length > maxEvents) kept.shift()
  }

  find(name: string, fields?: object): LoggedEvent | undefined {
    return this.events.find((event) => isSo(event, name, fields))
  }

  all(name: string, fields?: object): readonly LoggedEvent[] {
    return this.events.filter((event) => isSo(event, name, fields))
  }

  clear(): void {
    this.events = []
  }
}

function isSo(event: LoggedEvent, name: string, fields: object | undefined): boolean {
  return factsOf(event).event === name && (fields === undefined || matches(fields, event))
}
