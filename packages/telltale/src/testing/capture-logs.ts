import { openWithDefaults } from '../log/hold.js'
import { addFloor, debug, type Level, levelNumber, levels } from '../log/levels.js'
import { addTap } from '../log/pipeline.js'
import { slot } from '../state/state.js'
import { Captured, type CapturedLogs } from './captured-logs.js'
import { wouldPrintByDefault } from './silence.js'

export interface CaptureLogsOptions {
  /** The lowest level collected, whatever the log's levels are; default `debug`, all. */
  readonly level?: Level
  /** Lets the events through to the destinations too. Default `false`. */
  readonly print?: boolean
}

const captures = slot('testing.captures', () => ({ latestLast: [] as Captured[], tapped: false }))

// Before anything is captured too: by default a test run prints no log lines.
if (!captures.tapped) {
  captures.tapped = true
  addTap(tap)
}

/**
 * Collects the events of all loggers, also of those that exist already, with or without `setup()`. Nothing reaches the
 * destinations meanwhile, unless `print` is true; `isEnabled` is true for all that is collected. Captures may stand in
 * each other: each collects, and the one begun last decides about printing. Throws a TypeError for a bad option.
 *
 * @example
 * using logs = captureLogs()
 * await pay(order)
 * expect(logs).toHaveLogged('payment_failed', { order_id: order.id })
 */
export function captureLogs(options: CaptureLogsOptions = {}): CapturedLogs {
  const level = levelOf(options.level)
  // What was raised before is none of this capture's.
  openWithDefaults()
  const removeFloor = addFloor(level)
  const captured = new Captured(level, options.print === true, (self) => {
    if (!captures.latestLast.includes(self)) return
    captures.latestLast = captures.latestLast.filter((each) => each !== self)
    removeFloor()
  })
  captures.latestLast.push(captured)
  return captured as unknown as CapturedLogs
}

function tap(line: string, level: number): boolean {
  const { latestLast } = captures
  for (const captured of latestLast) captured.take(line, level)
  const latest = latestLast.at(-1)
  return latest === undefined ? wouldPrintByDefault() : !latest.print
}

function levelOf(name: unknown): number {
  if (name === undefined) return debug
  const level = levelNumber(name)
  if (level !== undefined && level < levels.length) return level
  throw new TypeError(
    `captureLogs(): level must be one of ${levels.join(', ')}, got ${JSON.stringify(name)}.`,
  )
}
