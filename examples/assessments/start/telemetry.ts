import { createLineCheck, type LogLine } from './line-check.js'
import { Tally } from './tally.js'

/** What a line that ends a request says. */
export interface RequestEnd {
  id: string
  traceId: string | null
  method: string
  route: string
  /** 499 for one that its client left. */
  status: number
}

export interface FlowTotals {
  started: number
  outcomes: Tally
  /** The step that failed, for each failed flow. */
  failedIn: Tally
}

export interface InvalidLine {
  number: number
  problem: string
  text: string
}

/** All that a service's log says, added up line by line. Its size does not grow with the log. */
export interface Telemetry {
  lines: number
  bytes: number
  byLevel: Tally
  /** By level and event. */
  byEvent: Tally
  /** `byRoute` by method and route, `byKey` by method, route and status. */
  requests: { total: number; byRoute: Tally; byStatus: Tally; byKey: Tally }
  flows: Map<string, FlowTotals>
  /** Error types from warning up, each error object once. */
  errors: Tally
  invalid: { count: number; first: InvalidLine[] }
}

const REQUEST_ENDS = new Set(['request_completed', 'request_failed', 'request_aborted'])
const KNOWN_METHODS = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '))
const QUIET_LEVELS = new Set(['debug', 'info'])
const ABORTED = 499
const MOST_INVALID = 10
const MOST_FLOWS = 200

export function createTelemetry(): Telemetry {
  return {
    lines: 0,
    bytes: 0,
    byLevel: new Tally(),
    byEvent: new Tally(),
    flows: new Map(),
    errors: new Tally(),
    requests: { total: 0, byRoute: new Tally(), byStatus: new Tally(), byKey: new Tally() },
    invalid: { count: 0, first: [] },
  }
}

/** Reads one process's log into `telemetry`; gives each line's request end, if it is one. */
export function createReader(telemetry: Telemetry): (text: string) => RequestEnd | undefined {
  const check = createLineCheck()
  return (text) => {
    telemetry.lines++
    telemetry.bytes += Buffer.byteLength(text) + 1
    const { line, problem } = check(text)
    if (!line) {
      telemetry.invalid.count++
      if (telemetry.invalid.first.length < MOST_INVALID) {
        telemetry.invalid.first.push({ number: telemetry.lines, problem, text: text.slice(0, 300) })
      }
      return undefined
    }
    telemetry.byLevel.add(line.level)
    telemetry.byEvent.add(`${line.level} ${line.event}`)
    addFlow(telemetry, line)
    addError(telemetry, line)
    return addRequest(telemetry, line)
  }
}

function addFlow({ flows }: Telemetry, line: LogLine): void {
  const [, name, what] = /^(.+)_flow_(started|completed|failed|interrupted)$/.exec(line.event) ?? []
  if (name === undefined || what === undefined) return
  const flow = flows.get(name) ?? { started: 0, outcomes: new Tally(), failedIn: new Tally() }
  if (!flows.has(name) && flows.size < MOST_FLOWS) flows.set(name, flow)
  if (what === 'started') flow.started++
  else flow.outcomes.add(what)
  if (what === 'failed') flow.failedIn.add(failedStep(line) ?? '(no step)')
}

function failedStep(line: LogLine): string | undefined {
  const steps = Array.isArray(line['steps']) ? (line['steps'] as { step?: unknown; outcome?: unknown }[]) : []
  const step = steps.findLast(({ outcome }) => outcome === 'failed')?.step ?? line['last_step']
  return typeof step === 'string' ? step : undefined
}

function addError({ errors }: Telemetry, line: LogLine): void {
  const error = line['error']
  // At info an error explains what a client did wrong: that is no failure of the service.
  if (typeof error !== 'object' || error === null || QUIET_LEVELS.has(line.level)) return
  if (line['error_seen'] === true) return
  const { type } = error as { type?: unknown }
  errors.add(typeof type === 'string' ? type : '(no type)')
}

function addRequest({ requests }: Telemetry, line: LogLine): RequestEnd | undefined {
  if (!REQUEST_ENDS.has(line.event)) return undefined
  const text = (key: string): string => (typeof line[key] === 'string' ? (line[key] as string) : '')
  const status = line.event === 'request_aborted' ? ABORTED : Number(line['status'])
  const method = text('method')
  const end: RequestEnd = {
    id: text('request_id'),
    traceId: text('trace_id') || null,
    method,
    route: text('route') || 'unmatched',
    status,
  }
  requests.total++
  requests.byRoute.add(`${methodLabel(method)} ${end.route}`)
  requests.byStatus.add(String(status))
  requests.byKey.add(`${methodLabel(method)} ${end.route} ${status}`)
  return end
}

/** As metrics name it, where rare methods are OTHER: a client can't make series, nor rows of the summary. */
const methodLabel = (method: string): string => (KNOWN_METHODS.has(method) ? method : 'OTHER')
