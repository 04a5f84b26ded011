import { isMainThread } from 'node:worker_threads'
import { slot } from '../state/state.js'
import { describeLevels, info, setLevels, thresholds } from './levels.js'
import { loggerNamed } from './logger.js'
import { type LevelChange, passOnLevels, whenSwitchedElsewhere } from './threads/levels.js'

const log = loggerNamed('telltale')
const pending = slot('log.levelSwitch', () => ({
  timer: undefined as NodeJS.Timeout | undefined,
  /** What holds again when the time is over. */
  lasting: undefined as string | undefined,
  /** When that is, RFC 3339. */
  until: undefined as string | undefined,
}))

const longest = 2 ** 31 - 1
// What the thread that made a change for a time has to change it back before the main thread does.
const graceMs = 1000

export interface LevelSwitchOptions {
  /** Milliseconds after which the levels are again what they were; without it the change lasts. */
  readonly forMs?: number
}

/**
 * Changes the levels of the running process, all its threads: a specification such as `debug` or `info,db=debug`; without a level for
 * all, that one stays. Throws a TypeError that names what it can't read. The change is an event, `log_level_changed`,
 * written whatever the levels.
 */
export function switchLevels(specification: string, options: LevelSwitchOptions = {}): void {
  const { forMs } = check(specification, options)
  const from = describeLevels()
  const { lasting = from } = pending
  try {
    setLevels(specification, thresholds.all)
  } catch (error) {
    throw new TypeError(`setLevel(): the level can't be read: ${(error as Error).message}.`, { cause: error })
  }
  if (forMs !== undefined || !isPartial(specification)) stopPending()
  if (forMs !== undefined) {
    pending.lasting = lasting
    pending.until = new Date(Date.now() + forMs).toISOString()
    restoreIn(forMs)
  } else if (pending.lasting !== undefined) {
    // It says nothing of what was changed for a time: that still ends, and this holds beyond it.
    pending.lasting = changed(lasting, specification)
    return said(from, { lasting: pending.lasting })
  }
  said(from)
}

function isPartial(specification: string): boolean {
  return specification.split(',').every((part) => part.trim() === '' || part.includes('='))
}

/** What a specification makes of other levels than those in force. */
function changed(levels: string, specification: string): string {
  const inForce = describeLevels()
  setLevels(levels)
  setLevels(specification, thresholds.all)
  const made = describeLevels()
  setLevels(inForce)
  return made
}

/** The levels that hold now, and until when where they were changed for a time. */
export function levelsNow(): { readonly levels: string; readonly until: string | undefined } {
  return { levels: describeLevels(), until: pending.until }
}

/** The levels stay as they are now: nothing changes them back. */
export function stopPending(): void {
  clearTimeout(pending.timer)
  pending.timer = undefined
  pending.lasting = undefined
  pending.until = undefined
}

/** The thread that made the change has said so; the main thread sees to its end where that thread is gone before. */
function takeOver({ levels, until, isOver, lasting: theirs }: LevelChange): void {
  const lasting = theirs ?? pending.lasting ?? describeLevels()
  setLevels(isOver ? lasting : levels)
  stopPending()
  if (isOver || until === undefined) return
  pending.lasting = lasting
  pending.until = until
  if (isMainThread) restoreIn(Math.min(Math.max(Date.parse(until) - Date.now(), 0) + graceMs, longest))
}

whenSwitchedElsewhere(takeOver)

function restoreIn(ms: number): void {
  pending.timer = setTimeout(restore, ms)
  pending.timer.unref()
}

function restore(): void {
  const { lasting } = pending
  stopPending()
  if (lasting === undefined) return
  const from = describeLevels()
  setLevels(lasting)
  said(from, { isOver: true })
}

function said(from: string, how: Pick<LevelChange, 'isOver' | 'lasting'> = {}): void {
  const { levels: to, until } = levelsNow()
  passOnLevels({ levels: to, until, ...how })
  log.insist(info, 'log_level_changed', { from, to, until })
}

function check(specification: unknown, options: unknown): LevelSwitchOptions {
  if (typeof specification !== 'string' || specification.trim() === '') {
    throw new TypeError(
      `setLevel(): the level must be a string such as 'debug' or 'info,db=debug', got ${typeof specification === 'string' ? 'an empty string' : typeof specification}.`,
    )
  }
  if (typeof options !== 'object' || options === null)
    throw new TypeError('setLevel(): the second argument must be an object such as { forMs: 600_000 }.')
  const unknown = Object.keys(options).find((name) => name !== 'forMs')
  if (unknown !== undefined) throw new TypeError(`setLevel(): ${unknown} is not an option; there is forMs.`)
  const forMs: unknown = (options as LevelSwitchOptions).forMs
  if (forMs !== undefined && !(typeof forMs === 'number' && forMs >= 1 && forMs <= longest)) {
    throw new TypeError(
      `setLevel(): forMs must be a number of milliseconds from 1 to ${longest}, got ${String(forMs)}.`,
    )
  }
  return { forMs } as LevelSwitchOptions
}
