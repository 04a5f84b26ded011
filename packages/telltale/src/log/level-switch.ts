import { slot } from '../state/state.js'
import { describeLevels, info, setLevels, thresholds } from './levels.js'
import { loggerNamed } from './logger.js'
import { passOnLevels } from './threads/levels.js'

const log = loggerNamed('telltale')
const pending = slot('log.levelSwitch', () => ({
  timer: undefined as NodeJS.Timeout | undefined,
  /** What holds again when the time is over. */
  lasting: undefined as string | undefined,
  /** When that is, RFC 3339. */
  until: undefined as string | undefined,
}))

const longest = 2 ** 31 - 1

export interface LevelSwitchOptions {
  /** Milliseconds after which the levels are again what they were; without it the change lasts. */
  readonly forMs?: number
}

/**
 * Changes the levels of the running process: a specification such as `debug` or `info,db=debug`; without a level for
 * all, that one stays. Throws a TypeError that names what it can't read. The change is an event, `log_level_changed`,
 * written whatever the levels.
 */
export function switchLevels(specification: string, options: LevelSwitchOptions = {}): void {
  const { forMs } = check(specification, options)
  const from = describeLevels()
  const lasting = pending.lasting ?? from
  try {
    setLevels(specification, thresholds.all)
  } catch (error) {
    throw new TypeError(`setLevel(): the level can't be read: ${(error as Error).message}.`, { cause: error })
  }
  stopPending()
  if (forMs !== undefined) {
    pending.lasting = lasting
    pending.timer = setTimeout(restore, forMs)
    pending.timer.unref()
    pending.until = new Date(Date.now() + forMs).toISOString()
  }
  said(from)
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

function restore(): void {
  const { lasting } = pending
  stopPending()
  if (lasting === undefined) return
  const from = describeLevels()
  setLevels(lasting)
  said(from)
}

function said(from: string): void {
  const { levels: to, until } = levelsNow()
  passOnLevels(to)
  log.insist(info, 'log_level_changed', { from, to, until })
}

function check(specification: unknown, options: unknown): LevelSwitchOptions {
  if (typeof specification !== 'string' || specification.trim() === '') {
    throw new TypeError(
      `setLevel(): the level must be a string such as 'debug' or 'info,db=debug', got ${typeof specification === 'string' ? 'an empty string' : typeof specification}.`,
    )
  }
  const forMs: unknown = (options as LevelSwitchOptions | null)?.forMs
  if (forMs !== undefined && !(typeof forMs === 'number' && forMs >= 1 && forMs <= longest)) {
    throw new TypeError(
      `setLevel(): forMs must be a number of milliseconds from 1 to ${longest}, got ${String(forMs)}.`,
    )
  }
  return { forMs } as LevelSwitchOptions
}
