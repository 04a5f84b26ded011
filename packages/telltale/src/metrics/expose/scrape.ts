import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { scraped } from '../registry.js'
import { Slices } from '../../state/slices.js'
import { slot } from '../../state/state.js'
import { type FormatName, formatFor, takesGzip } from './accept.js'
import { Bytes } from './bytes.js'
import { elsewhere, type Exposition } from './exposition.js'
import type { Format } from './format.js'
import { protobuf } from './protobuf.js'
import { checkedScrape, type Scrape, type ScrapeOptions } from './scrape-options.js'
import { openMetrics, text } from './text.js'

const formats = { text, openMetrics, protobuf } satisfies Record<FormatName, Format>

const underWay = slot('metric-scrapes', () => new Map<string, Promise<Exposition>>())

/** See render.ts. */
export async function renderMetrics(options: ScrapeOptions = {}): Promise<Exposition> {
  const scrape = checkedScrape(options)
  return (await elsewhere.render?.(scrape)) ?? renderHere(scrape)
}

function renderHere(options: Scrape): Promise<Exposition> {
  const format = formatFor(options.accept)
  const names = options.names === undefined ? undefined : [...new Set(options.names)].toSorted()
  const plain = JSON.stringify([format, names])
  if (!takesGzip(options.acceptEncoding))
    return shared(plain, () => render(formats[format], names, options.timeoutMs))
  return shared(`gzip ${plain}`, () =>
    shared(plain, () => render(formats[format], names, options.timeoutMs)).then(zip),
  )
}

function shared(key: string, make: () => Promise<Exposition>): Promise<Exposition> {
  let scrape = underWay.get(key)
  if (scrape === undefined) {
    // Begun after it is known: a `collect` that asks for a scrape shares the one that called it.
    scrape = Promise.resolve()
      .then(make)
      .finally(() => underWay.delete(key))
    underWay.set(key, scrape)
  }
  return scrape
}

const defaultTimeoutMs = 10_000

async function render(
  format: Format,
  names: readonly string[] | undefined,
  timeoutMs = defaultTimeoutMs,
): Promise<Exposition> {
  const families = await scraped(names, timeoutMs * 0.9)
  const out = new Bytes()
  const slices = new Slices()
  for (const family of families) {
    for (const _ of format.family(out, family)) if (slices.isOver()) await slices.next()
  }
  out.text(format.end)
  return { contentType: format.contentType, chunks: out.done() }
}

/** In the thread pool. Level 1 is a third of the default's time for a few hundredths more bytes. */
async function zip({ contentType, chunks }: Exposition): Promise<Exposition> {
  const stream = createGzip({ level: 1 })
  const zipped: Uint8Array[] = []
  stream.on('data', (chunk: Uint8Array) => zipped.push(chunk))
  const ended = new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject))
  const write = promisify(
    stream.write.bind(stream) as (chunk: Uint8Array, done: (error?: Error | null) => void) => void,
  )
  for (const chunk of chunks) await write(chunk)
  stream.end()
  await ended
  return { contentType, contentEncoding: 'gzip', chunks: zipped }
}
