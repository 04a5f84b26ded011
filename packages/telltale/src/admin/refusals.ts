import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'

const log = loggerNamed('telltale')
const quietMs = 60_000

/** Says what was refused, each reason once a minute: whoever knocks must not be able to fill the log. */
export class Refusals {
  private readonly byReason = new Map<string, { until: number; unsaid: number }>()

  /** `reason` comes from code, never from the request. */
  say(reason: string, peer: string): void {
    const now = performance.now()
    const last = this.byReason.get(reason)
    if (last !== undefined && now < last.until) {
      last.unsaid++
      return
    }
    this.byReason.set(reason, { until: now + quietMs, unsaid: 0 })
    const unsaid = last?.unsaid ?? 0
    log.insist(warning, 'admin_refused', { reason, peer, refused_before: unsaid === 0 ? undefined : unsaid })
  }
}
