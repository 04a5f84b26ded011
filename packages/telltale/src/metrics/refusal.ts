import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { Definition } from './definition.js'

export type RefusalReason =
  'invalid_labels' | 'invalid_value' | 'series_limit' | 'collect_failed' | 'collect_slow'

/** Counts a measurement that could not be taken as given, and says the first of each kind per metric. Never throws. */
export function refuse(definition: Definition, reason: RefusalReason, why: string): void {
  dropped('metric', reason)
  reportOnce(`metric:${definition.name}:${reason}`, `${definition.type} ${definition.name}: ${why}`)
}

/** The value as it may be said: a text quoted, an object only by its type. Never throws. */
export function given(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(show(value))
  return typeof value === 'object' && value !== null ? 'an object' : show(value)
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && value - value === 0
}

export function refuseValue(definition: Definition, value: unknown): void {
  refuse(definition, 'invalid_value', `takes a finite number, got ${given(value)}`)
}
