import { flushAtExit } from './deliver.js'
import { summariseNow } from './suppressed.js'
import { takeAll } from './threads/receive.js'

/** The log's last act: what worker threads have handed over, what was suppressed, and all that waits for a destination. */
export function endLog(): void {
  takeAll()
  summariseNow()
  flushAtExit()
}
