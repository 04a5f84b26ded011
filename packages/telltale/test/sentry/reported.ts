import { randomBytes } from 'node:crypto'
import { type ErrorReport, exitsFor, handOut as handOutTo } from '../../src/errors/exits.js'
import { droppedCounts } from '../../src/self/dropped.js'

let last = 0

/** A report as the log makes it, of a kind of its own. */
export function report(fields: Partial<ErrorReport> = {}): ErrorReport {
  last++
  return {
    id: randomBytes(16).toString('hex'),
    time: Date.now(),
    level: 'error',
    logger: 'payments',
    event: 'payment_failed',
    handled: true,
    service: 'whole',
    error: { type: 'PaymentError', message: 'refused', frames: [] },
    fingerprint: last.toString(16).padStart(16, '0'),
    fields: {},
    recent: [],
    ...fields,
  }
}

/** As the log reports it. */
export function handOut(one: ErrorReport): void {
  handOutTo(one, exitsFor(one.fingerprint))
}

/** Reports so many, each of a kind of its own. */
export function reportMany(count: number): ErrorReport[] {
  const reports = Array.from({ length: count }, () => report())
  for (const each of reports) handOut(each)
  return reports
}

/** What `telltale_dropped_total` says of errors. */
export function lost(reason: string): number {
  return [...droppedCounts()].find((each) => each.signal === 'error' && each.reason === reason)?.count ?? 0
}
