import { critical, debug, error, info, levelNumber, levels, warning } from '../log/levels.js'
import type { Logger } from '../log/logger.js'

/** Pino's levels by name, as the numbers that its users compare. */
export const pinoValues = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const

export interface LevelMapping {
  readonly values: { [level: string]: number }
  readonly labels: { [level: number]: string }
}

/** Levels both ways, as pino has them under `levels`. */
export function levelMapping(values: Readonly<Record<string, number>>): LevelMapping {
  const labels = Object.fromEntries(Object.entries(values).map(([name, value]) => [value, name]))
  return { values: { ...values }, labels }
}

// Of a Telltale level by number.
const names = ['debug', 'info', 'warn', 'error', 'fatal'] as const

/** Pino's name of a Telltale level by number; `silent` above all of them. */
export function pinoName(level: number): (typeof names)[number] | 'silent' {
  return names[level] ?? 'silent'
}

/** The Telltale level, by number, that a pino number is written as: `trace` is debug, a level between two the lower. */
export function levelOf(value: number): number {
  if (value >= pinoValues.fatal) return value === Number.POSITIVE_INFINITY ? levels.length : critical
  if (value >= pinoValues.error) return error
  if (value >= pinoValues.warn) return warning
  return value >= pinoValues.info ? info : debug
}

/** The lowest level that a logger writes, by number; one above all where it writes none. */
export function lowestLevel(logger: Logger): number {
  const lowest = levels.find((level) => logger.isEnabled(level))
  return lowest === undefined ? levels.length : levelNumber(lowest)!
}

const raise = [
  (logger: Logger, event: string, fields?: object) => logger.debug(event, fields),
  (logger: Logger, event: string, fields?: object) => logger.info(event, fields),
  (logger: Logger, event: string, fields?: object) => logger.warning(event, fields),
  (logger: Logger, event: string, fields?: object) => logger.error(event, fields),
  (logger: Logger, event: string, fields?: object) => logger.critical(event, fields),
]

export function raiseAt(level: number, logger: Logger, event: string, fields: object | undefined): void {
  raise[level]?.(logger, event, fields)
}
