import type { Exemplar } from '../exemplars.js'
import type { Family } from '../family.js'
import { wellFormed } from '../label-value.js'
import { place, type Store } from '../store.js'
import type { Bytes } from './bytes.js'
import type { Format } from './format.js'
import { canonical, floatText, writeNumber } from './number.js'

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

const seriesBetweenPauses = 64

function* writeFamily(out: Bytes, family: Family, isOpen: boolean): Iterable<void> {
  const { definition, store } = family
  // Series that come while the scrape goes on belong to the next one.
  const { count } = store
  const write = writers[definition.type](out, family, isOpen)
  let isHeadWritten = false
  for (let slot = 0; slot < count; slot++) {
    if (slot % seriesBetweenPauses === 0) yield
    if (!store.has(slot) || Number.isNaN(store.get(slot))) continue
    if (!isHeadWritten) out.text(head(family, isOpen))
    isHeadWritten = true
    write(slot)
  }
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

type Writer = (slot: number) => void

const writers = {
  counter: writeValue,
  gauge: writeValue,
  histogram: writeHistogram,
  summary: writeSummary,
} satisfies Record<string, (out: Bytes, family: Family, isOpen: boolean) => Writer>

function writeValue(out: Bytes, { definition, store, exemplars }: Family, isOpen: boolean): Writer {
  const open = Buffer.from(`${definition.name}{`)
  const name = Buffer.from(`${definition.name} `)
  const hasExemplars = isOpen && definition.name.endsWith('_total')
  return (slot) => {
    const chunk = store.chunkOf(slot)
    const at = place(slot)
    writeSeries(out, open, name, store.bytes, chunk.spans[2 * at]!, chunk.spans[2 * at + 1]!)
    writeNumber(out, chunk.values[at]!)
    if (hasExemplars) writeExemplar(out, exemplars?.get(slot))
    out.byte(newline)
  }
}

function writeSummary(out: Bytes, { definition: { name }, store }: Family): Writer {
  const names = [Buffer.from(`${name}_count`), Buffer.from(`${name}_sum`)]
  return (slot) => {
    for (let i = 0; i < 2; i++) writePart(out, names[i]!, store, slot, store.get(slot, i))
  }
}

function writePart(out: Bytes, name: Uint8Array, store: Store, slot: number, value: number): void {
  const { spans } = store.chunkOf(slot)
  const at = 2 * place(slot)
  out.copy(name)
  if (spans[at + 1]! > spans[at]!) {
    out.byte(brace)
    out.copy(store.bytes, spans[at]!, spans[at + 1]!)
    out.byte(closing)
  }
  out.byte(space)
  writeNumber(out, value)
  out.byte(newline)
}

function writeHistogram(out: Bytes, { definition, store, exemplars }: Family, isOpen: boolean): Writer {
  const { name, buckets = [] } = definition
  const bucket = Buffer.from(`${name}_bucket{`)
  const sumName = Buffer.from(`${name}_sum`)
  const countName = Buffer.from(`${name}_count`)
  const bounds = [...buckets, Infinity].map((bound) =>
    Buffer.from(`le="${isOpen ? canonical(bound) : floatText(bound)}"} `),
  )
  return (slot) => {
    const { values, spans } = store.chunkOf(slot)
    const at = place(slot)
    const [begin, end] = [spans[2 * at]!, spans[2 * at + 1]!]
    const first = at * store.width
    let count = 0
    for (let i = 0; i < bounds.length; i++) {
      count += values[first + i]!
      out.copy(bucket)
      if (end > begin) {
        out.copy(store.bytes, begin, end)
        out.byte(comma)
      }
      out.copy(bounds[i]!)
      writeNumber(out, count)
      if (isOpen) writeExemplar(out, exemplars?.get(slot * store.width + i))
      out.byte(newline)
    }
    writePart(out, sumName, store, slot, values[first + bounds.length]!)
    writePart(out, countName, store, slot, count)
  }
}

const [newline, space, brace, closing, comma] = [...Buffer.from('\n {},')] as [
  number,
  number,
  number,
  number,
  number,
]

function writeSeries(
  out: Bytes,
  open: Uint8Array,
  bare: Uint8Array,
  labels: Uint8Array,
  begin: number,
  end: number,
): void {
  if (end === begin) return out.copy(bare)
  out.copy(open)
  out.copy(labels, begin, end)
  out.room(2)
  out.buffer[out.at++] = closing
  out.buffer[out.at++] = space
}

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
