import { connect } from 'node:net'
import { exchangeOf } from './client.js'
import { REQUEST_ID, type Exchange } from './exchange.js'

export interface WireCall {
  method: string
  path: string
  route: string
  /** Header lines as they go on the wire, without CR LF: this is the way past Node's own client-side checks. */
  lines: readonly string[]
  expect: readonly number[]
  /** Bytes so odd that the server may close the connection on them without an answer. */
  mayBeCut?: boolean
}

interface WireOptions {
  url: URL
  record: (exchange: Exchange) => void
  timeoutMs?: number
}

const ANSWER_TIMEOUT_MS = 10_000
const LARGEST_ANSWER = 256 * 1024

/** Sends requests byte by byte over a bare socket, one connection each. */
export function createWire({ url, record, timeoutMs = ANSWER_TIMEOUT_MS }: WireOptions) {
  return {
    /** Ends as one recorded exchange; never rejects. Hostile bytes may be answered, refused or cut off. */
    send: (call: WireCall): Promise<void> =>
      new Promise((resolve) => {
        const host = url.hostname.replace(/^\[|\]$/g, '')
        const socket = connect({ host, port: Number(url.port) })
        let answer = ''
        let silent = false
        socket.setTimeout(timeoutMs, () => {
          silent = true
          socket.destroy()
        })
        socket.setEncoding('latin1')
        socket.on('data', (chunk: string) => {
          answer += chunk
          if (answer.length > LARGEST_ANSWER) socket.destroy()
        })
        socket.on('error', () => {
          // A service may cut off what is no HTTP; `close` follows and is recorded.
        })
        socket.on('close', () => {
          record(
            exchangeOf(
              call,
              { sentId: null, traceId: null },
              silent
                ? { outcome: 'lost', cause: `no whole answer within ${timeoutMs} ms` }
                : endingOf(answer),
            ),
          )
          resolve()
        })
        const head = [`${call.method} ${call.path} HTTP/1.1`, `host: ${url.host}`, 'connection: close']
        socket.write(Buffer.from([...head, ...call.lines, '', ''].join('\r\n'), 'latin1'))
      }),
  }
}

function endingOf(answer: string): Parameters<typeof exchangeOf>[2] {
  const [head = ''] = answer.split('\r\n\r\n', 1)
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
  if (status === undefined) return { outcome: 'lost', cause: 'the connection broke', cut: true }
  const id = new RegExp(`^${REQUEST_ID}: *(.*?)\\s*$`, 'im').exec(head)?.[1]
  if (id === undefined) return { outcome: 'refused', status: Number(status) }
  return { outcome: 'answered', status: Number(status), requestId: id }
}
