/** The header that carries a request's id, both ways. */
export const REQUEST_ID = 'x-request-id'

/**
 * What became of one request, as its client knows it.
 * `answered`: a handler's response came back whole. `refused`: the parser answered, no handler ran, no id came back.
 * `aborted`: the client left; the server may have finished, noticed, or never read it. `lost`: no whole answer came.
 */
export type Outcome = 'answered' | 'refused' | 'aborted' | 'lost'

export interface Exchange {
  kind: 'exchange'
  outcome: Outcome
  method: string
  /** The route template that the client aimed at; `unmatched` for none. */
  route: string
  status: number | null
  /** The id in the response. */
  request_id: string | null
  /** The id that the client sent, if it is one the service must accept. */
  sent_id: string | null
  /** The trace that the client sent, if its traceparent is valid. */
  trace_id: string | null
  /** Whether the request can end so: with this status, or, if it is lost, without an answer. */
  expected: boolean
  /** Why it is lost. */
  cause: string | null
}

/** The generator's last word: what it sent, without its telemetry. */
export interface TrafficReport {
  kind: 'report'
  seed: number
  run: string
  seconds: number
  /** Requests sent, of any outcome. */
  sent: number
  outcomes: Record<Outcome, number>
  /** `POST /login 401` → how many were answered so. */
  answered: Record<string, number>
  /** Scenarios begun by name, those left out because every user was busy, those that threw. */
  scenarios: Record<string, number>
  skipped: number
  broken: string[]
  /** Where canaries were planted, and how often. */
  canaries: Record<string, number>
}

export type TrafficMessage = Exchange | TrafficReport
