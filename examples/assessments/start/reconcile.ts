import type { Exchange, TrafficReport } from '../traffic/exchange.js'
import type { RequestEnd } from './telemetry.js'

export interface Reconciler {
  /** The generator says what became of a request. */
  sent(exchange: Exchange): void
  /** The log says that a request ended. */
  seen(end: RequestEnd): void
  /** What did not match. Called once, when both sides have said all. */
  differences(report: TrafficReport | undefined): string[]
  /** What became, by the log, of the requests whose client left. */
  aborted(): AbortTotals
}

export interface AbortTotals {
  noticed: number
  finished: number
  neverArrived: number
}

/** Both sides of a request arrive within moments; more than this many apart means that one side is missing. */
const MOST_WAITING = 20_000
const MOST_NAMED = 20
const ABORTED = 499

/**
 * Holds what the generator sent against what the log says, one by one, by request id. Exact: a request that was
 * answered has one closing line with the id of its response, its method, route, status and, where one was sent, its
 * trace. Not exact, because nobody can be: one whose client left has a line or none, with any status; one that Node's
 * parser refused never had a handler, hence no id and no line. A request without an answer is a difference, unless its
 * bytes may be cut; it may have a line, under an id that nobody else knows. So is a line that none of these explains.
 */
export function createReconciler(): Reconciler {
  const sentById = new Map<string, Exchange>()
  const seenById = new Map<string, RequestEnd>()
  const matched = new RecentIds()
  const unnamed = new Map<string, number>()
  const problems: string[] = []
  const aborts = { noticed: 0, finished: 0 }
  let count = 0
  let overflowed = false

  const problem = (text: string): void => {
    if (problems.length < MOST_NAMED) problems.push(text)
    else if (problems.length === MOST_NAMED) problems.push('… and more of the kind')
  }
  const match = (exchange: Exchange, end: RequestEnd): void => {
    matched.add(end.id)
    if (exchange.outcome === 'aborted') {
      aborts[end.status === ABORTED ? 'noticed' : 'finished']++
    } else if (exchange.outcome === 'answered' && exchange.status !== end.status) {
      problem(`${nameOf(exchange)} (${end.id}) was answered ${exchange.status}, the log says ${end.status}`)
    }
    if (exchange.method !== end.method || !sameRoute(exchange, end)) {
      problem(`${nameOf(exchange)} (${end.id}) is ${end.method} ${end.route} in the log`)
    }
    if (exchange.trace_id !== null && exchange.trace_id !== end.traceId) {
      problem(
        `${nameOf(exchange)} (${end.id}) was sent with trace ${exchange.trace_id}, the log says ${end.traceId}`,
      )
    }
  }
  const wait = <T>(waiting: Map<string, T>, id: string, value: T): void => {
    if (waiting.size < MOST_WAITING) waiting.set(id, value)
    else overflowed = true
  }

  return {
    sent(exchange) {
      count++
      const { outcome, sent_id, request_id } = exchange
      if (!exchange.expected && outcome === 'lost')
        problem(`${nameOf(exchange)} has no answer: ${exchange.cause}`)
      else if (!exchange.expected)
        problem(`${nameOf(exchange)} was answered ${exchange.status}, which it can't be`)
      if (outcome === 'refused') return
      if (outcome === 'answered' && request_id === null)
        return problem(`${nameOf(exchange)} came back without an id`)
      if (outcome === 'answered' && sent_id !== null && sent_id !== request_id) {
        problem(`${nameOf(exchange)} was sent as ${sent_id} and came back as ${request_id}`)
      }
      const id = request_id ?? sent_id
      if (id === null) {
        const key = `${exchange.method} ${exchange.route}`
        unnamed.set(key, (unnamed.get(key) ?? 0) + 1)
        return
      }
      const end = seenById.get(id)
      seenById.delete(id)
      if (end) match(exchange, end)
      else wait(sentById, id, exchange)
    },
    seen(end) {
      if (matched.has(end.id)) return problem(`${end.method} ${end.route} (${end.id}) has two closing lines`)
      const exchange = sentById.get(end.id)
      sentById.delete(end.id)
      if (exchange) match(exchange, end)
      else if (seenById.has(end.id)) problem(`${end.method} ${end.route} (${end.id}) has two closing lines`)
      else wait(seenById, end.id, end)
    },
    differences(report) {
      for (const exchange of sentById.values()) {
        if (exchange.outcome !== 'answered') continue
        problem(
          `${nameOf(exchange)} (${exchange.request_id}) was answered ${exchange.status}, and has no closing line`,
        )
      }
      for (const { id, method, route, status } of seenById.values()) {
        const key = `${method} ${route}`
        const left = unnamed.get(key) ?? 0
        if (left > 0) unnamed.set(key, left - 1)
        else problem(`${key} ${status} (${id}) is in the log, and nobody sent it`)
      }
      if (overflowed) problem(`more than ${MOST_WAITING} requests have only one of their two sides`)
      if (!report) problem('the generator ended without its report')
      else if (report.sent !== count)
        problem(`the generator sent ${report.sent} requests, and told of ${count}`)
      for (const text of report?.broken ?? []) problem(`a scenario failed: ${text}`)
      return problems
    },
    aborted: () => ({
      ...aborts,
      neverArrived: [...sentById.values()].filter((e) => e.outcome === 'aborted').length,
    }),
  }
}

const nameOf = ({ method, route }: Exchange): string => `${method} ${route}`

// A client that leaves while its headers are read is logged before routing.
const sameRoute = (exchange: Exchange, end: RequestEnd): boolean =>
  exchange.route === end.route || (exchange.outcome === 'aborted' && end.route === 'unmatched')

/** The ids of requests matched lately, for telling a second closing line; the oldest half goes when it is full. */
class RecentIds {
  private young = new Set<string>()
  private old = new Set<string>()

  add(id: string): void {
    if (this.young.size >= MOST_WAITING / 2) {
      this.old = this.young
      this.young = new Set()
    }
    this.young.add(id)
  }

  has(id: string): boolean {
    return this.young.has(id) || this.old.has(id)
  }
}
