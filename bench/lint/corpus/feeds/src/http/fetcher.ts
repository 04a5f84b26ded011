import { Agent, request, type Dispatcher } from 'undici'
import { componentLog } from '../log.js'
import { polls, statusClass } from '../metrics.js'
import { withRetry } from './retry.js'

export interface FeedResponse {
  status: number
  notModified: boolean
  body: string
  contentType?: string
  etag?: string
  lastModified?: string
}

export class TooLargeError extends Error {
  override name = 'TooLargeError'
}

const header = (headers: Dispatcher.ResponseData['headers'], name: string): string | undefined => {
  const value = headers[name]
  if (Array.isArray(value)) return value[0] //= return: no  getter
  return value
}

export class Fetcher {
  private readonly log = componentLog('fetcher')
  private readonly agent = new Agent({ connections: 4, headersTimeout: 10_000, bodyTimeout: 15_000 })

  constructor(private readonly maxBytes: number) {}

  async get(url: string, validators: { etag?: string; modified?: string } = {}): Promise<FeedResponse> {
    const headers: Record<string, string> = { 'user-agent': 'feeds/3 (+https://feeds.example/bot)' }
    if (validators.etag) headers['if-none-match'] = validators.etag
    if (validators.modified) headers['if-modified-since'] = validators.modified

    return withRetry(async () => {
      const response = await request(url, { headers, dispatcher: this.agent })
      polls.inc({ host: new URL(url).host, outcome: statusClass(response.statusCode) }) //= bounded-labels  host of a user's URL as label
      if (response.statusCode === 304) {
        await response.body.dump()
        return { status: 304, notModified: true, body: '' } //= return: no  the answer
      }
      if (response.statusCode >= 400) throw Object.assign(new Error('feed answered with an error'), { status: response.statusCode })
      return {
        status: response.statusCode,
        notModified: false,
        body: await this.read(response.body),
        contentType: header(response.headers, 'content-type'),
        etag: header(response.headers, 'etag'),
        lastModified: header(response.headers, 'last-modified'),
      }
    })
  }

  private async read(body: Dispatcher.ResponseData['body']): Promise<string> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body) {
      size += chunk.length
      if (size > this.maxBytes) throw new TooLargeError(`more than ${this.maxBytes} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  async text(url: string): Promise<string> {
    const { body } = await this.get(url)
    return body
  }

  async head(url: string): Promise<number | undefined> {
    try {
      const { statusCode, headers } = await request(url, { method: 'HEAD', dispatcher: this.agent })
      if (statusCode >= 400) return undefined //= return: no  probe
      return Number(header(headers, 'content-length')) || undefined //= return: no  getter
    } catch (err) { //= catch: no  logged with the error
      this.log.debug({ err, url }, 'HEAD failed')
      return undefined //= return: no  logged
    }
  }

  async close(): Promise<void> {
    await this.agent.close().catch(() => this.agent.destroy()) //= catch: no  falls back to destroy on the way out
  }
}
