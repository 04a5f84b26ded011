import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.js'

/** What can be read and changed on one path; each use is an event. */
export interface Control {
  readonly purpose: 'control'
  readonly name: 'log_level' | 'requests' | 'request_events' | 'flows'
  readonly GET: () => Answer | Promise<Answer>
  readonly PUT?: (body: object) => Answer
}

/** What probes and scrapers read, often: no event above debug. */
export interface Read {
  readonly purpose: 'metrics' | 'health'
  /** `details` where whoever asks might use the controls, too. */
  readonly answer: (req: IncomingMessage, res: ServerResponse, details: boolean) => void
}

export type Endpoint = Control | Read

/** The methods that an endpoint takes, as `Allow` has them. */
export function methodsOf(endpoint: Endpoint): string {
  return 'PUT' in endpoint ? 'GET, HEAD, PUT' : 'GET, HEAD'
}
