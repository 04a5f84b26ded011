import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
  readonly agent?: Agent | false
}

/** One request to loopback, its path sent as given. Rejects where the response is cut. */
export function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent = false } = options
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path, method, headers, agent }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    req.on('error', reject)
    req.end(body)
  })
}

/** Bytes written as they are to a connection; `text` grows with what comes back. */
export class RawConnection {
  text = ''
  isClosed = false
  readonly closed: Promise<void>
  readonly socket: Socket

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => (this.text += chunk.toString('latin1')))
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) =>
      this.socket.on('close', () => {
        this.isClosed = true
        resolve()
      }),
    )
  }

  send(text: string): void {
    this.socket.write(text, 'latin1')
  }
}
