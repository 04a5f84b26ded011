import { randomUUID } from 'node:crypto'
import { startEntry, type Entry, type Line } from './entry.js'
import { eventually } from './eventually.js'

export interface Answer {
  status: number
  body: Record<string, unknown>
  requestId: string
  /** The lines of this request, its end among them. */
  lines: Line[]
  /** Their events, without the end of the request. */
  events: unknown[]
}

export interface Backend {
  url: string
  service: Entry
  gateway: Entry
  /** One request, and what the service said about it. A string is sent as it is. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** The value of one series of the scrape; undefined when it isn't there. */
  metric(name: string, labels?: Record<string, string>): Promise<number | undefined>
  ready(): Promise<{ status: number; body: { status: string; checks: Record<string, { status: string }> } }>
  stop(): Promise<void>
}

/** The gateway and the service, on free ports, before the given database. */
export async function startBackend(databaseUrl: string, env: Record<string, string> = {}): Promise<Backend> {
  const gateway = startEntry('gateway/gateway', { PORT: '0', LOG_FORMAT: 'json', ...env })
  const { url: gatewayUrl } = await gateway.line('ready', (line) => line['ready'] === true)
  const service = startEntry('src/service', {
    PORT: '0',
    LOG_FORMAT: 'json',
    DATABASE_URL: databaseUrl,
    SEED_DEMO: '1',
    GATEWAY_URL: String(gatewayUrl),
    ...env,
  })
  const listening = await service.line('listening', (line) => line['event'] === 'service_listening')
  const url = String(listening['url'])

  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const requestId = randomUUID()
    const response = await fetch(url + path, {
      method,
      headers: {
        'x-request-id': requestId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answered = (await response.json()) as Record<string, unknown>
    const end = await service.line(`the end of ${method} ${path}`, (line) => {
      return line['request_id'] === requestId && isEnd(line)
    })
    const lines = service.lines.filter((line) => line['request_id'] === requestId)
    const events = lines
      .filter((line) => line !== end && line['recorded'] !== true)
      .map((line) => line['event'])
    return { status: response.status, body: answered, requestId, lines, events }
  }

  return {
    url,
    service,
    gateway,
    call,
    metric: async (name, labels = {}) => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return sample(text, name, labels)
    },
    ready: async () => {
      const response = await fetch(`${url}/health/ready`)
      return { status: response.status, body: (await response.json()) as never }
    },
    stop: async () => {
      await service.end()
      await gateway.end()
    },
  }
}

export function isEnd(line: Line): boolean {
  return ['request_completed', 'request_failed', 'request_aborted'].includes(line['event'] as string)
}

/** Waits until readiness answers with this status. */
export async function untilReady(backend: Backend, status: number): Promise<void> {
  await eventually(`readiness ${status}`, async () => (await backend.ready()).status === status)
}

function sample(text: string, name: string, labels: Record<string, string>): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  for (const line of text.split('\n')) {
    const [, found, inside = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (found === name && wanted.every((label) => inside.split(',').includes(label))) return Number(value)
  }
  return undefined
}
