import { openExchanges } from '../http/inflight.js'
import { recordedLines } from '../log/recorder/record.js'
import { recorder } from '../log/recorder/ring.js'
import { type Answer, problem } from './answer.js'

// Callers choose ids, and may choose the same one.
const mostAlike = 16

/** The recent events of a request that is under way, written or not, one JSON line each, oldest first. */
export function showEvents(requestId: string): Answer {
  if (!recorder.on) {
    return problem(
      404,
      'recorder_off',
      'The flight recorder is off: setup({ log: { recorder: true } }) turns it on.',
    )
  }
  const open = [...openExchanges()].filter((exchange) => exchange.requestId === requestId)
  if (open.length === 0) return problem(404, 'no_such_request', 'No request with this id is under way.')
  const lines = open.slice(0, mostAlike).flatMap(({ scope }) => recordedLines(scope))
  return {
    status: 200,
    type: 'application/x-ndjson; charset=utf-8',
    body: lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join(''),
  }
}
