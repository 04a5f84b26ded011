import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { UsageError } from '../usage-error.js'
import { fromDefinition } from './definitions.js'
import { ExpositionError, readExposition } from './exposition.js'
import type { Metric } from './metric.js'
import { definedBy } from './module.js'
import { Unavailable } from './unavailable.js'

const timeoutMs = 10_000
// A hundred thousand series are about 8 MB.
const maxBytes = 256 * 1024 * 1024
const accept = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5'

/**
 * The metrics that a source tells of: a URL, `-` for `stdin`, a module, or a file with an exposition. Throws an
 * `Unavailable` where it can't be had, a `UsageError` where it holds no metrics.
 */
export async function readSource(
  source: string,
  stdin: Readable & { isTTY?: boolean },
): Promise<readonly Metric[]> {
  if (/^https?:\/\//i.test(source)) return parsed(source, await fetched(source))
  if (/\.[cm]?[jt]s$/.test(source)) return (await definedBy(source)).map(fromDefinition)
  if (source !== '-') return parsed(source, await fileText(source))
  if (stdin.isTTY === true)
    throw new UsageError(
      'telltale generate reads an exposition from standard input, and that is a terminal.\nTry: curl -s http://localhost:3000/metrics | telltale generate dashboard -',
    )
  return parsed('standard input', await drained(stdin))
}

function parsed(source: string, text: string): readonly Metric[] {
  let metrics: readonly Metric[]
  try {
    metrics = readExposition(text)
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error
    throw new UsageError(
      `telltale generate: ${source} is no exposition of metrics: ${error.message}.\nAccepted: the Prometheus text format, OpenMetrics; a service gives it at /metrics.`,
    )
  }
  if (metrics.length > 0) return metrics
  throw new UsageError(`telltale generate: ${source} holds no metrics.`)
}

async function fetched(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(timeoutMs) })
    if (answer.ok) return await bounded(url, answer)
    await answer.body?.cancel()
    throw new Unavailable(`${url} answered ${answer.status}${hint(answer.status)}`)
  } catch (error) {
    if (error instanceof Unavailable) throw error
    throw new Unavailable(`can't ask ${url}: ${reason(error as Error)}`)
  }
}

function hint(status: number): string {
  if (status === 401 || status === 403)
    return '; pipe the metrics instead: curl -s -H "Authorization: Bearer …" … | telltale generate … -'
  return status === 404
    ? '; metrics are usually at /metrics, and a service may hide them from other machines and from proxies'
    : ''
}

async function bounded(url: string, { body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > maxBytes) throw new Unavailable(`${url} did not end within ${maxBytes / 2 ** 20} MiB`)
  }
  return text + decoder.decode()
}

function reason(error: Error): string {
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string }
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  if (code === 'ECONNREFUSED') return 'nothing listens there; is the service running?'
  if (code === 'ENOTFOUND') return 'no host of that name'
  return message || code || error.message
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : code
    throw new Unavailable(`can't read ${path}: ${why}`)
  }
}

async function drained(stdin: Readable): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stdin) pieces.push(Buffer.from(piece as Uint8Array))
  return Buffer.concat(pieces).toString('utf8')
}
