import type { Exchange, Outcome } from './exchange.js'

/** Counts what was sent, in memory that does not grow with it. */
export function createLedger() {
  const outcomes: Record<Outcome, number> = { answered: 0, refused: 0, aborted: 0, lost: 0 }
  const answered: Record<string, number> = {}
  let sent = 0
  return {
    outcomes,
    answered,
    sent: () => sent,
    add(exchange: Exchange): void {
      sent++
      outcomes[exchange.outcome]++
      if (exchange.outcome !== 'answered') return
      const key = `${exchange.method} ${exchange.route} ${exchange.status}`
      answered[key] = (answered[key] ?? 0) + 1
    },
  }
}
