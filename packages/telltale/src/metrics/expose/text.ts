import type { Exemplar } from '../exemplars.js'
import type { Family } from '../family.js'
import { wellFormed } from '../label-value.js'
import type { Chunk, Store } from '../store.js'
import { type Bytes, type Piece, piece } from './bytes.js'
import type { Format } from './format.js'
import { canonical, floatText, writeNumber } from './number.js'
import { eachSeries, type WriteSeries } from './series.js'

/** The Prometheus text format 0.0.4. */
export const text = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  family: (out: Bytes, family: Family) => writeFamily(out, family, false),
  end: '',
} satisfies Format

/** OpenMetrics 1.0, with exemplars. */
export const openMetrics = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  family: (out: Bytes, family: Family) => writeFamily(out, family, true),
  end: '# EOF\n',
} satisfies Format

function* writeFamily(out: Bytes, family: Family, isOpen: boolean): Iterable<void> {
  const write = writers[family.definition.type](out, family, isOpen)
  let isHeadWritten = false
  yield* eachSeries(family.store, (chunk, at, slot) => {
    if (!isHeadWritten) out.text(head(family, isOpen))
    isHeadWritten = true
    write(chunk, at, slot)
  })
}

function head({ definition: { name, type, help } }: Family, isOpen: boolean): string {
  if (!isOpen) return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
  const isCounter = type === 'counter' && name.endsWith('_total')
  const family = isCounter ? name.slice(0, -'_total'.length) : name
  // A counter whose name doesn't end in _total can't be told as one here.
  const kind = type === 'counter' && !isCounter ? 'unknown' : type
  const unit = /_(seconds|bytes|ratio|meters|celsius|volts|amperes|joules|grams)$/.exec(family)?.[1]
  return (
    `# TYPE ${family} ${kind}\n` +
    (unit === undefined ? '' : `# UNIT ${family} ${unit}\n`) +
    `# HELP ${family} ${escapeHelp(help).replaceAll('"', '\\"')}\n`
  )
}

const writers = {
  counter: writeValue,
  gauge: writeValue,
  histogram: writeHistogram,
  summary: writeSummary,
} satisfies Record<string, (out: Bytes, family: Family, isOpen: boolean) => WriteSeries>

function writeValue(out: Bytes, { definition, store, exemplars }: Family, isOpen: boolean): WriteSeries {
  const name = new SampleName(out, store, definition.name)
  const hasExemplars = isOpen && definition.name.endsWith('_total')
  return (chunk, at, slot) => {
    name.write(chunk, at)
    writeNumber(out, chunk.values[at]!)
    if (hasExemplars) writeExemplar(out, exemplars?.get(slot))
    out.byte(newline)
  }
}

function writeSummary(out: Bytes, { definition, store }: Family): WriteSeries {
  const names = ['count', 'sum'].map((part) => new SampleName(out, store, `${definition.name}_${part}`))
  return (chunk, at) => {
    for (const [i, name] of names.entries()) {
      name.write(chunk, at)
      writeNumber(out, chunk.values[at * store.width + i]!)
      out.byte(newline)
    }
  }
}

function writeHistogram(out: Bytes, { definition, store, exemplars }: Family, isOpen: boolean): WriteSeries {
  const { name, buckets = [] } = definition
  const { width } = store
  const begin = piece(`${name}_bucket{`)
  const sum = new SampleName(out, store, `${name}_sum`)
  const count = new SampleName(out, store, `${name}_count`)
  const ends = [...buckets, Infinity].map((bound) => `le="${isOpen ? canonical(bound) : floatText(bound)}"} `)
  const bare = ends.map(piece)
  const behind = ends.map((end) => piece(`,${end}`))
  return (chunk, at, slot) => {
    const { values, spans } = chunk
    const first = at * width
    const [from, to] = [spans[2 * at]!, spans[2 * at + 1]!]
    const bounds = to > from ? behind : bare
    let below = 0
    for (let i = 0; i < bounds.length; i++) {
      below += values[first + i]!
      out.piece(begin)
      out.copy(store.view, from, to)
      out.piece(bounds[i]!)
      writeNumber(out, below)
      if (isOpen) writeExemplar(out, exemplars?.get(slot * width + i))
      out.byte(newline)
    }
    sum.write(chunk, at)
    writeNumber(out, values[first + bounds.length]!)
    out.byte(newline)
    count.write(chunk, at)
    writeNumber(out, below)
    out.byte(newline)
  }
}

const [newline] = Buffer.from('\n') as unknown as [number]

/** What stands before the number: `name{labels} `, or `name ` where there are none. */
class SampleName {
  readonly #out: Bytes
  readonly #store: Store
  readonly #open: Piece
  readonly #bare: Piece

  constructor(out: Bytes, store: Store, name: string) {
    this.#out = out
    this.#store = store
    this.#open = piece(`${name}{`)
    this.#bare = piece(`${name} `)
  }

  write({ spans }: Chunk, at: number): void {
    const begin = spans[2 * at]!
    const end = spans[2 * at + 1]!
    if (begin === end) return this.#out.piece(this.#bare)
    this.#out.piece(this.#open)
    this.#out.copy(this.#store.view, begin, end)
    this.#out.piece(close)
  }
}

const close = piece('} ')

function writeExemplar(out: Bytes, exemplar: Exemplar | undefined): void {
  if (exemplar === undefined) return
  const { traceId, requestId, value, time } = exemplar
  const labels = [
    traceId === undefined ? '' : `trace_id="${traceId}"`,
    requestId === undefined ? '' : `request_id="${escapeLabel(requestId)}"`,
  ]
  out.text(` # {${labels.filter(Boolean).join(',')}} ${floatText(value)} ${(time / 1000).toFixed(3)}`)
}

function escapeLabel(value: string): string {
  return wellFormed(value).replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))
}

function escapeHelp(help: string): string {
  return wellFormed(help)
    .replace(/\r\n?/g, '\n')
    .replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'))
}
