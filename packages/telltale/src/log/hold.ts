import { isMainThread } from 'node:worker_threads'
import type { Scope } from '../context/scope.js'
import { copyFields } from '../encode/copy.js'
import { budgetLeft, encodeValue, withBudget } from '../encode/value.js'
import { isError } from '../errors/record.js'
import { limits } from '../redact/limits.js'
import { slot } from '../state/state.js'
import { timestamp } from './clock.js'
import type { Source } from './source.js'
import { error } from './levels.js'
import { inherited } from './threads/shared.js'
import { flushAtExit } from './deliver.js'

/** An event raised before setup(): objects are copied by the default policy, since they may change until it is written. */
export interface Held {
  readonly scope: Scope | undefined
  readonly source: Source
  readonly level: number
  readonly time: string
  readonly event: string
  readonly fields: object | undefined
}

const maxHeld = 1000
const maxWaitMs = 1000
// In characters, of one event.
const maxFields = 262_144
// Of all of them.
const maxChars = 4_194_304

const holding = slot('log.holding', () => ({
  events: [] as Held[],
  chars: 0,
  timer: undefined as NodeJS.Timeout | undefined,
  /** Opens the log with the defaults; set by the logger module, which knows how. */
  giveUp: (): void => undefined,
}))

/** Called with what opens the log when setup() does not come. */
export function whenNotSetUp(giveUp: () => void): void {
  holding.giveUp = giveUp
}

/** Opens the log with the defaults now, as if setup() had not come; nothing where it is open. */
export function openWithDefaults(): void {
  holding.giveUp()
}

export function hold(
  scope: Scope | undefined,
  source: Source,
  level: number,
  event: string,
  fields: object | undefined,
): void {
  if (holding.timer === undefined) {
    // A worker thread takes over what the thread that started it was set up with: it may not be given a second.
    holding.timer = setTimeout(
      () => holding.giveUp(),
      isMainThread || inherited() === undefined ? maxWaitMs : 0,
    )
    // The wait must not keep a finished process alive; at its exit what is held is written.
    holding.timer.unref()
    process.once('exit', atExit)
  }
  const { own, chars } = kept(fields)
  holding.chars += chars
  holding.events.push({ scope, source, level, time: timestamp(), event, fields: own })
  if (level >= error || holding.events.length >= maxHeld || holding.chars > maxChars) holding.giveUp()
}

/** Hands over what was held, oldest first, and holds no more. */
export function release(): Held[] {
  clearTimeout(holding.timer)
  process.off('exit', atExit)
  holding.timer = undefined
  holding.chars = 0
  return holding.events.splice(0)
}

function atExit(): void {
  holding.giveUp()
  // A listener that is added during 'exit' is not called: this is the only flush there will be.
  flushAtExit()
}

/** Fields as they are now, and how many characters that takes. */
export function kept(fields: object | undefined): { own: object | undefined; chars: number } {
  if (fields === undefined) return { own: undefined, chars: 0 }
  const own = copyFields(fields)
  let chars = 0
  withBudget(maxFields, () => {
    for (const [name, value] of Object.entries(own)) {
      if (mayChange(value)) own[name] = copy(value, name)
      else if (typeof value === 'string') chars += value.length
    }
    chars += maxFields - budgetLeft()
    return ''
  })
  return { own, chars }
}

// Errors keep their identity: they are written in full once, and their message and stack don't change.
function mayChange(value: unknown): boolean {
  if (typeof value === 'string') return value.length > limits.maxString
  return typeof value === 'object' && value !== null && !isError(value)
}

// As the line has it: redact() reads objects that have a toJSON otherwise.
function copy(value: unknown, name: string): unknown {
  return JSON.parse(encodeValue(value, name, 1))
}
