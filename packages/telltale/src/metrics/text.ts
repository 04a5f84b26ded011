import { wellFormed } from './label-value.js'
import type { Family, HistogramFamily, NumberFamily } from './family.js'

/** The Prometheus text format 0.0.4. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** One family in the Prometheus text format 0.0.4; empty when it has no series. */
export function familyText(family: Family): string {
  const lines = isHistogram(family) ? histogramLines(family) : numberLines(family)
  if (lines === '') return ''
  const { name, help, type } = family.definition
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines}`
}

function numberLines(family: NumberFamily): string {
  const { name } = family.definition
  let out = ''
  for (const { text, value } of family.series()) {
    if (value !== value) continue
    out += text === '' ? `${name} ${number(value)}\n` : `${name}{${text}} ${number(value)}\n`
  }
  return out
}

function histogramLines(family: HistogramFamily): string {
  const { name, buckets } = family.definition
  const bounds = [...buckets, Infinity].map((bound) => `le="${number(bound)}"} `)
  let out = ''
  for (const { text, counts, sum } of family.series()) {
    const bucket = text === '' ? `${name}_bucket{` : `${name}_bucket{${text},`
    const rest = text === '' ? ' ' : `{${text}} `
    let count = 0
    for (let i = 0; i < bounds.length; i++) {
      count += counts[i] as number
      out += `${bucket}${bounds[i]}${count}\n`
    }
    out += `${name}_sum${rest}${number(sum)}\n${name}_count${rest}${count}\n`
  }
  return out
}

function number(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

function escapeHelp(help: string): string {
  return wellFormed(help)
    .replace(/\r\n?/g, '\n')
    .replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'))
}

function isHistogram(family: Family): family is HistogramFamily {
  return family.definition.type === 'histogram'
}
