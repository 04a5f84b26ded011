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
  /** Whoever wants events of a level whatever the levels say, while a test captures for instance. */
  floors: readonly { readonly level: number }[]
}

export const thresholds = slot<Thresholds>('log.thresholds', () => ({
  version: 0,
  all: debug,
  prefixes: [],
  floors: [],
}))

/**
 * Sets levels by a specification such as `info,db=debug`: a level for all (`otherwise` where it has none) and levels
 * for loggers named so or below (`db.pool`). Throws a RangeError that names the word it can't read.
 */
export function setLevels(specification: string, otherwise = info): void {
  let all = otherwise
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
    if (level === undefined || at === 0 || /[;\s]/.test(text.slice(0, Math.max(at, 0)).trim())) {
      throw new RangeError(`"${text}" (accepted: ${[...levels, 'off'].join(', ')}, alone or as logger=level)`)
    }
    if (at < 0) all = level
    else prefixes.push([text.slice(0, at).trim(), level])
  }
  thresholds.all = all
  thresholds.prefixes = prefixes.sort(([a], [b]) => b.length - a.length)
  thresholds.version++
}

/** The levels as `setLevels` takes them. */
export function describeLevels(): string {
  const name = (level: number): string => levels[level] ?? 'off'
  return [
    name(thresholds.all),
    ...thresholds.prefixes.map(([prefix, level]) => `${prefix}=${name(level)}`),
  ].join()
}

/** Lets events from `level` on through whatever the levels say, until the returned function is called. */
export function addFloor(level: number): () => void {
  const floor = { level }
  thresholds.floors = [...thresholds.floors, floor]
  thresholds.version++
  return () => {
    thresholds.floors = thresholds.floors.filter((each) => each !== floor)
    thresholds.version++
  }
}

export function thresholdOf(logger: string): number {
  return Math.min(configured(logger), ...thresholds.floors.map(({ level }) => level))
}

function configured(logger: string): number {
  for (const [prefix, level] of thresholds.prefixes) {
    if (logger === prefix || (logger.startsWith(prefix) && /^\W/.test(logger.slice(prefix.length))))
      return level
  }
  return thresholds.all
}
