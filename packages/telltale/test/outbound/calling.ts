import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { observeHttp } from '../../src/adapters/http.js'
import { unobserved } from '../../src/http/unobserved.js'
import { listening } from '../support/apps/listening.js'
import type { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'

export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

/** What the caller of the service sends along. */
export const caller = {
  'x-request-id': 'outbound-1',
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  tracestate: 'vendor=1',
  baggage: 'tenant=t-7;public',
}

/** A request as the called service got it. */
export interface Heard {
  readonly url: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
}

export interface Peer {
  readonly port: number
  readonly heard: Heard[]
  close(): Promise<void>
}

/** A service that is called. */
export async function peerThat(
  answers: (req: IncomingMessage, res: ServerResponse) => unknown = (_req, res) => res.end('answered'),
): Promise<Peer> {
  const heard: Heard[] = []
  const server = createServer((req, res) => {
    heard.push({
      url: req.url!,
      method: req.method!,
      headers: req.headers,
      rawHeaders: req.rawHeaders,
    })
    answers(req, res)
  })
  return { ...(await listening(server)), heard }
}

/** Does `act` inside a request whose caller sent `headers`, and waits for the end of both. */
export async function inRequest<T>(
  log: Capture,
  act: () => T | Promise<T>,
  headers: Record<string, string> = caller,
): Promise<T> {
  let outcome: { value: T } | { error: unknown } | undefined
  const { port, close } = await listening(
    createServer(
      observeHttp(async (_req, res) => {
        try {
          outcome = { value: await act() }
        } catch (error) {
          outcome = { error }
        }
        res.end()
      }),
    ),
  )
  const ends = log.ends.length
  await unobserved(() => ask(port, '/call', { headers }))
  await log.ended(ends + 1)
  await close()
  if (outcome !== undefined && 'value' in outcome) return outcome.value
  throw outcome?.error
}
