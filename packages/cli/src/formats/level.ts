import { asNumber } from './entry.js'

/** Our levels, lowest first. */
export const levels = ['debug', 'info', 'warning', 'error', 'critical'] as const

export type Level = (typeof levels)[number]

const spellings: Readonly<Record<Level, readonly string[]>> = {
  debug: ['debug', 'dbug', 'dbg', 'trace', 'trce', 'verbose', 'silly', 'http', 'fine', 'finer', 'finest'],
  info: ['info', 'information', 'informational', 'notice', 'default', 'log', 'success', 'ok', 'config'],
  warning: ['warning', 'warn', 'wrn'],
  error: ['error', 'err', 'eror', 'severe', 'exception', 'fail'],
  critical: ['critical', 'crit', 'fatal', 'alert', 'emerg', 'emergency', 'panic', 'dpanic'],
}

const bySpelling: ReadonlyMap<string, Level> = new Map(
  levels.flatMap((level) => spellings[level].map((word) => [word, level] as const)),
)

/** Our level for a word of any logger's, in any case: `WARN`, `Information`, `SEVERITY_NUMBER_ERROR2`. */
export function levelOf(word: string): Level | undefined {
  const plain = word
    .trim()
    .toLowerCase()
    .replace(/^severity_number_/, '')
  return bySpelling.get(plain) ?? bySpelling.get(plain.replace(/[2-4]$/, ''))
}

/** Our level for the numbers of pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
export function levelOfTens(number: number): Level {
  if (number < 30) return 'debug'
  if (number < 40) return 'info'
  if (number < 50) return 'warning'
  return number < 60 ? 'error' : 'critical'
}

/** Our level for OpenTelemetry's severity numbers, 1 to 24 in ranges of four. */
export function levelOfSeverity(number: number): Level | undefined {
  if (number < 1 || number > 24) return undefined
  if (number < 9) return 'debug'
  return levels[Math.floor((number - 9) / 4) + 1]
}

/** Any logger's level as ours where it is known, else the word itself. */
export function readLevel(value: unknown): string | undefined {
  if (typeof value === 'string')
    return value === '' ? undefined : (levelOf(value) ?? fromNumber(value) ?? value)
  return fromNumber(value)
}

function fromNumber(value: unknown): Level | undefined {
  const number = asNumber(value)
  return number === undefined ? undefined : levelOfTens(number)
}
