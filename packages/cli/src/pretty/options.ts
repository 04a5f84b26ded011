import { readArguments, type OptionTypes } from '../arguments.js'
import { levelOf, levels, readLevel, type Level } from '../formats/level.js'
import { nearest } from '../nearest.js'
import { UsageError } from '../usage-error.js'
import { outputFormats, type OutputFormat } from './draw.js'
import { readCondition, type Condition } from './where.js'

export interface PrettyOptions {
  readonly help: boolean
  /** `-` is standard input. */
  readonly files: readonly string[]
  readonly follow: readonly string[]
  /** How much of a followed file's past to show. */
  readonly lines: number
  readonly level: Level | undefined
  readonly where: readonly Condition[]
  readonly format: OutputFormat
  readonly color: boolean | 'auto'
  readonly width: number | undefined
}

const accepted = {
  follow: { type: 'string' },
  lines: { type: 'string' },
  level: { type: 'string' },
  where: { type: 'string' },
  format: { type: 'string' },
  color: { type: 'string' },
  width: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} satisfies OptionTypes

const colours = ['auto', 'always', 'never'] as const

/** Throws a `UsageError` that says what was given and what is accepted. */
export function readOptions(args: readonly string[]): PrettyOptions {
  const { values, operands } = readArguments('pretty', args, accepted)
  const all = (name: keyof typeof accepted) => values.get(name) ?? []
  const last = (name: keyof typeof accepted) => values.get(name)?.at(-1)
  const color = oneOf('color', last('color') ?? 'auto', colours)
  const lines = last('lines')
  const width = last('width')
  return {
    help: values.has('help'),
    files: operands,
    follow: all('follow'),
    lines: lines === undefined || lines === 'all' ? Infinity : wholeNumber('lines', lines, 'or all'),
    level: readThreshold(last('level')),
    where: all('where').map(readCondition),
    format: oneOf('format', last('format') ?? 'console', outputFormats),
    color: color === 'auto' ? 'auto' : color === 'always',
    width: width === undefined ? undefined : wholeNumber('width', width, 'of columns'),
  }
}

function readThreshold(word: string | undefined): Level | undefined {
  if (word === undefined) return undefined
  const level = levelOf(word) ?? (/^\d+$/.test(word) ? readLevel(word) : undefined)
  if (level !== undefined) return level as Level
  const meant = nearest(word, [...levels, 'warn', 'fatal', 'trace'])
  throw new UsageError(
    `telltale pretty: --level ${word} is no level.${meant === undefined ? '' : ` Did you mean ${meant}?`}\nAccepted: ${levels.join(', ')}, in any logger's spelling (warn, fatal, 40).`,
  )
}

function oneOf<T extends string>(name: string, given: string, words: readonly T[]): T {
  const found = words.find((word) => word === given)
  if (found !== undefined) return found
  const meant = nearest(given, words)
  throw new UsageError(
    `telltale pretty: --${name} ${given} is not known.${meant === undefined ? '' : ` Did you mean ${meant}?`}\nAccepted: ${words.join(', ')}.`,
  )
}

function wholeNumber(name: string, given: string, what: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given)
  throw new UsageError(`telltale pretty: --${name} takes a whole number ${what}, got "${given}".`)
}
