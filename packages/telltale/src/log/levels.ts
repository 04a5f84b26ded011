import { slot } from '../state/state.js'

/** The one table of levels, lowest first. `warn` and `fatal` are spellings of `warning` and `critical`. */
export const levels = ['debug', 'info', 'warning', 'error', 'critical'] as const

export type Level = (typeof levels)[number]

export const debug = 0
export const info = 1
export const warning = 2
export const error = 3
export const critical = 4

const off = levels.length
const numbers: ReadonlyMap<unknown, number> = new Map([
  ...levels.map((level, number) => [level, number] as const),
  ['warn', warning],
  ['fatal', critical],
  ['off', off],
  ['silent', off],
])

/** A level's number by any of its spellings, `off` and `silent` above all; undefined for what is none. Never throws. */
export function levelNumber(word: unknown): number | undefined {
  return numbers.get(word)
}

interface Thresholds {
  /** Raised by each change: loggers look theirs up again. */
  version: number
  all: number
  /** By logger name or prefix, longest first. */
  prefixes: readonly (readonly [string, number])[]
}

export const thresholds = slot<Thresholds>('log.thresholds', () => ({ version: 0, all: debug, prefixes: [] }))

/**
 * Sets levels by a specification such as `info,db=debug`: a level for all and levels for loggers named so or below
 * (`db.pool`). Throws a RangeError that names the word it can't read.
 */
export function setLevels(specification: string): void {
  let all = info
  const prefixes: [string, number][] = []
  for (const part of specification.split(',')) {
    const text = part.trim()
    if (text === '') continue
    const at = text.indexOf('=')
    const level = levelNumber(
      text
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    )
    if (level === undefined || at === 0) {
      throw new RangeError(`"${text}" (accepted: ${[...levels, 'off'].join(', ')}, alone or as logger=level)`)
    }
    if (at < 0) all = level
    else prefixes.push([text.slice(0, at).trim(), level])
  }
  thresholds.all = all
  thresholds.prefixes = prefixes.sort(([a], [b]) => b.length - a.length)
  thresholds.version++
}

export function thresholdOf(logger: string): number {
  for (const [prefix, level] of thresholds.prefixes) {
    if (logger === prefix || (logger.startsWith(prefix) && /^\W/.test(logger.slice(prefix.length))))
      return level
  }
  return thresholds.all
}
