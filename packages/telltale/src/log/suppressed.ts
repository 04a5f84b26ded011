import { slot } from '../state/state.js'
import { gates } from './gate.js'
import { warning } from './levels.js'
import { loggerNamed } from './logger.js'

const everyMs = 10_000

const log = loggerNamed('telltale')
const summary = slot('log.summary', () => ({ timer: undefined as NodeJS.Timeout | undefined }))

/** Has a summary written ten seconds after the flood guard began to suppress, again and again while it does. */
export function summariseSuppression(): void {
  gates.summarise = () => {
    summary.timer ??= setTimeout(summariseNow, everyMs).unref()
  }
}

/** One `events_suppressed` for each name of which events were suppressed since the last time. */
export function summariseNow(): void {
  clearTimeout(summary.timer)
  summary.timer = undefined
  const counts = [...gates.suppressed]
  gates.suppressed.clear()
  for (const [event, count] of counts) log.insist(warning, 'events_suppressed', { event, count })
}
