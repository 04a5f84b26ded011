import type { Level } from './levels.js'

/**
 * The names of a logger's events and the fields of each, for the compiler alone: at run time there is no trace of it.
 *
 * @example
 * interface Events {
 *   assessment_started: { user_id: string; assessment_id: string }
 *   cache_cleared: Record<never, never>
 * }
 * const log = getLogger<Events>('assessments')
 */
export type EventCatalogue = object

type Name<C> = keyof C & string

/** Nothing where no field is needed, else the fields; of an event without any not one. */
type Fields<F> = [keyof F] extends [never]
  ? [fields?: Record<string, never>]
  : Record<never, never> extends F
    ? [fields?: F]
    : [fields: F]

/** What is thrown may be said with any event that tells of a failure. */
type WithError<F> = ([keyof F] extends [never] ? unknown : F) & { readonly error?: unknown }

/** The catalogue of a logger that has `B` bound: what is bound need not be given again. */
type Bound<C, B> = {
  [E in keyof C]: Omit<C[E], keyof B> & Partial<Pick<C[E], keyof B & keyof C[E]>>
}

/** A logger whose events are checked by the compiler: an unknown name, a missing and an unknown field don't compile. */
export interface TypedLogger<C extends EventCatalogue> {
  readonly name: string
  debug<E extends Name<C>>(event: E, ...fields: Fields<C[E]>): void
  info<E extends Name<C>>(event: E, ...fields: Fields<C[E]>): void
  warning<E extends Name<C>>(event: E, ...fields: Fields<WithError<C[E]>>): void
  /** The same as `warning`. */
  warn<E extends Name<C>>(event: E, ...fields: Fields<WithError<C[E]>>): void
  error<E extends Name<C>>(event: E, ...fields: Fields<WithError<C[E]>>): void
  critical<E extends Name<C>>(event: E, ...fields: Fields<WithError<C[E]>>): void
  /** The same as `critical`. */
  fatal<E extends Name<C>>(event: E, ...fields: Fields<WithError<C[E]>>): void
  exception<E extends Name<C>>(event: E, error: unknown, ...fields: Fields<C[E]>): void
  skip<E extends Name<C>>(event: E, ...fields: Fields<C[E]>): undefined
  skip<E extends Name<C>, T>(event: E, fields: C[E], value: T): T
  bind<B extends object>(fields: B): TypedLogger<Bound<C, B>>
  unbind(...names: string[]): TypedLogger<C>
  isEnabled(level: Level): boolean
}
