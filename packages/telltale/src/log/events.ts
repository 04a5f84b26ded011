import { flat } from '../encode/flat.js'
import { quote } from '../encode/quote.js'
import { counter } from '../metrics/counter.js'
import { screenAndCut } from '../redact/cut.js'
import { ownCopy } from '../redact/own-copy.js'
import { policy, type Policy } from '../redact/policy.js'
import { Bucket, Gate } from './gate.js'
import { levels } from './levels.js'

const maxEvents = 500
const maxName = 256

const written = counter('log_events_total', {
  help: 'Log events raised, by level and event name; names beyond the first 500 count as _overflow.',
  labels: { level: String, event: String },
  maxSeries: levels.length * (maxEvents + 1),
})

type Count = ReturnType<typeof written.with>

/** The counters of one event name, one a level, made when first needed. */
class Counts {
  private readonly byLevel: (Count | undefined)[] = []

  constructor(private readonly event: string) {}

  add(level: number): void {
    const count = (this.byLevel[level] ??= written.with({ level: levels[level]!, event: this.event }))
    count.inc()
  }
}

export interface EventName {
  /** The name screened, escaped and quoted. */
  readonly text: string
  readonly counts: Counts
  readonly gate: Gate
}

let decidedBy: Policy | undefined
let known = new Map<string, EventName>()
const overflow = { counts: new Counts('_overflow'), bucket: new Bucket('_overflow') }

/** An event's name as it stands in a line, and its counters. Cost: one map lookup for a name seen before. */
export function eventName(name: string): EventName {
  if (decidedBy !== policy.current) {
    decidedBy = policy.current
    known = new Map()
  }
  const event = known.get(name)
  if (event !== undefined) return event
  const shown = screenAndCut(policy.current, name, undefined, maxName)
  if (known.size >= maxEvents || name.length > maxName) {
    // The name itself decides whether it is limited at all, and to which share.
    return { text: quote(shown), counts: overflow.counts, gate: new Gate(shown, overflow.bucket) }
  }
  const made = {
    text: flat(quote(shown)),
    counts: new Counts(ownCopy(shown)),
    gate: new Gate(ownCopy(shown)),
  }
  known.set(ownCopy(name), made)
  return made
}
