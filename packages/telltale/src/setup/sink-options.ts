import { levelNumber, levels } from '../log/levels.js'
import { formats, type SinkOption } from '../log/sinks/options.js'
import { refused } from './refused.js'

const kinds =
  "{ file: 'path' }, { stream: 'stdout' or 'stderr' } or an object with a write(text, level) function, each with a level and a format if need be"

/** Throws a TypeError that names the sink, the option and what it takes. */
export function checkSinks(sinks: readonly SinkOption[]): void {
  if (!Array.isArray(sinks)) throw refused('log.sinks', `an array of sinks: ${kinds}`, sinks)
  for (const [index, sink] of sinks.entries()) checkSink(sink as unknown, `log.sinks[${index}]`)
}

function checkSink(sink: unknown, at: string): void {
  const given = (typeof sink === 'object' && sink !== null ? sink : {}) as Record<string, unknown>
  const named = ['file', 'stream'].filter((name) => given[name] !== undefined)
  const isOwn = typeof given['write'] === 'function'
  if (named.length + Number(isOwn) !== 1) throw refused(at, kinds, sink)
  const [kind] = named
  if (kind === 'file') demand(given, at, 'file', 'a path', (v) => typeof v === 'string' && v !== '')
  if (kind === 'stream')
    demand(given, at, 'stream', "'stdout' or 'stderr'", (v) => v === 'stdout' || v === 'stderr')
  // A sink of one's own may have whatever else it needs.
  const unknown = isOwn
    ? undefined
    : Object.keys(given).find((name) => !['level', 'format', kind].includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`setup(): ${at}.${unknown} is not an option; this sink takes ${kind}, level, format.`)
  }
  const isLevel = (v: unknown): boolean => (levelNumber(v) ?? levels.length) < levels.length
  demand(given, at, 'level', `one of ${levels.join(', ')}`, isLevel)
  demand(given, at, 'format', `one of ${formats.join(', ')}`, (v) =>
    (formats as readonly unknown[]).includes(v),
  )
  for (const name of isOwn ? ['flush', 'flushAndWait'] : [])
    demand(given, at, name, 'a function', (v) => typeof v === 'function')
}

function demand(
  sink: Record<string, unknown>,
  at: string,
  name: string,
  takes: string,
  accepts: (value: unknown) => boolean,
): void {
  const value = sink[name]
  if (value !== undefined && !accepts(value)) throw refused(`${at}.${name}`, takes, value)
}
