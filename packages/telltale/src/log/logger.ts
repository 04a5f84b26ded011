import { emit, emitIn } from './emit.js'
import { copyFields } from '../encode/copy.js'
import { encodeFields, ownFields } from '../encode/fields.js'
import { flat } from '../encode/flat.js'
import { quote } from '../encode/quote.js'
import { cutKeys } from '../encode/reserved-keys.js'
import { withBudget } from '../encode/value.js'
import { currentScope, type Scope } from '../context/scope.js'
import { asError, isError } from '../errors/record.js'
import { screenAndCut } from '../redact/cut.js'
import { policy, type Policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import * as level from './levels.js'
import type { Level } from './levels.js'
import type { Bound } from './line.js'
import { pipeline } from './pipeline.js'
import type { EventCatalogue, TypedLogger } from './typed.js'
import { record, recordIn } from './recorder/record.js'
import { recorder } from './recorder/ring.js'
import { reportFailure } from './report.js'
import type { Source } from './source.js'

const maxName = 256
const maxBound = 65_536
const maxLoggers = 1000

/**
 * Raises events: a snake_case event name first, then its fields. No method throws or waits; a level that is off costs
 * a comparison. In a request or flow its ids and fields are added by themselves.
 *
 * @example
 * log.info('assessment_started', { user_id, assessment_id })
 */
export interface Logger {
  readonly name: string
  debug(event: string, fields?: object): void
  info(event: string, fields?: object): void
  warning(event: string, fields?: object): void
  /** The same as `warning`. */
  warn(event: string, fields?: object): void
  /** Put what was thrown under `error`: it is written with its stack and causes. */
  error(event: string, fields?: object): void
  critical(event: string, fields?: object): void
  /** The same as `critical`. */
  fatal(event: string, fields?: object): void
  /** An error event with what was thrown: written in full and reported once per error object. */
  exception(event: string, error: unknown, fields?: object): void
  /**
   * Says as a warning why work is not done, and returns `undefined` or the value given third, so that an early return
   * is never silent.
   *
   * @example
   * if (!valid) return log.skip('save_answer_skipped', { reason: 'invalid_question' })
   */
  skip(event: string, fields?: object): undefined
  skip<T>(event: string, fields: object, value: T): T
  /** A logger that adds `fields` to each of its events. */
  bind(fields: object): Logger
  /** A logger without the named bound fields. */
  unbind(...names: string[]): Logger
  /** For fields that are dear to compute. */
  isEnabled(level: Level): boolean
}

export class TelltaleLogger implements Logger, Source {
  private threshold = 0
  private thresholdVersion = -1
  private heads: (string | undefined)[] = []
  private headsVersion = -1
  private boundJson: Bound | undefined
  private boundBy: Policy | undefined

  constructor(
    readonly name: string,
    private readonly boundFields: Readonly<Record<string, unknown>> | undefined,
  ) {}

  debug(event: string, fields?: object): void {
    if (this.on(level.debug)) emit(this, level.debug, event, fields)
    else if (recorder.on) record(this, level.debug, event, fields)
  }

  info(event: string, fields?: object): void {
    if (this.on(level.info)) emit(this, level.info, event, fields)
    else if (recorder.on) record(this, level.info, event, fields)
  }

  warning(event: string, fields?: object): void {
    if (this.on(level.warning)) emit(this, level.warning, event, fields)
    else if (recorder.on) record(this, level.warning, event, fields)
  }

  warn(event: string, fields?: object): void {
    this.warning(event, fields)
  }

  error(event: string, fields?: object): void {
    if (this.on(level.error)) emit(this, level.error, event, fields)
    else if (recorder.on) record(this, level.error, event, fields)
  }

  critical(event: string, fields?: object): void {
    if (this.on(level.critical)) emit(this, level.critical, event, fields)
    else if (recorder.on) record(this, level.critical, event, fields)
  }

  fatal(event: string, fields?: object): void {
    this.critical(event, fields)
  }

  exception(event: string, error: unknown, fields?: object): void {
    if (typeof event !== 'string' || (isError(fields) && !isError(error))) {
      return this.exception(...inOrder(event, error, fields))
    }
    // First, since a line holds so many fields and no more.
    const own = { error: asError(error) }
    if (this.on(level.error)) emit(this, level.error, event, { ...own, ...copyFields(fields), ...own })
    else if (recorder.on) record(this, level.error, event, { ...own, ...copyFields(fields) })
    reportFailure({ source: this, scope: currentScope(), level: level.error, event, fields, error })
  }

  skip(event: string, fields?: object): undefined
  skip<T>(event: string, fields: object, value: T): T
  skip(event: string, fields?: object, value?: unknown): unknown {
    this.warning(event, fields)
    return value
  }

  bind(fields: object): Logger {
    return new TelltaleLogger(this.name, { ...this.boundFields, ...ownFields(fields) })
  }

  unbind(...names: string[]): Logger {
    const kept = { ...this.boundFields }
    for (const name of names) if (typeof name === 'string') delete kept[name]
    return new TelltaleLogger(this.name, kept)
  }

  isEnabled(name: Level): boolean {
    return this.on((typeof name === 'string' ? level.levelNumber(name) : undefined) ?? level.info)
  }

  /** An event at a level by number, in a scope that need not be the current one. */
  raise(number: number, event: string, fields: object | undefined, scope: Scope | undefined): void {
    if (this.on(number)) emitIn(scope, this, number, event, fields)
    else if (recorder.on) recordIn(scope, this, number, event, fields)
  }

  /** An event of Telltale's own that is written whatever the levels, outside of any scope. */
  insist(number: number, event: string, fields: object): void {
    emitIn(undefined, this, number, event, fields)
  }

  on(number: number): boolean {
    if (this.thresholdVersion !== level.thresholds.version) {
      this.thresholdVersion = level.thresholds.version
      this.threshold = level.thresholdOf(this.name)
    }
    return number >= this.threshold
  }

  head(number: number): string {
    if (this.headsVersion !== pipeline.version) {
      this.headsVersion = pipeline.version
      this.heads = []
    }
    return (this.heads[number] ??= this.makeHead(number))
  }

  get bound(): Bound | undefined {
    const fields = this.boundFields
    if (fields === undefined) return undefined
    if (this.boundJson === undefined || this.boundBy !== policy.current) {
      this.boundBy = policy.current
      this.boundJson = {
        fields,
        json: flat(withBudget(maxBound, () => encodeFields(fields, undefined, cutKeys.bound))),
      }
    }
    return this.boundJson
  }

  private makeHead(number: number): string {
    const { keys } = pipeline
    const name = quote(screenAndCut(policy.current, this.name, undefined, maxName))
    return flat(`","${keys.level}":"${level.levels[number]}","${keys.logger}":${name},"${keys.event}":`)
  }
}

const loggers = slot('log.loggers', () => new Map<string, TelltaleLogger>())

/** The process's logger of this name; the same object each time. */
export function loggerNamed(name: string): TelltaleLogger {
  const known = loggers.get(name)
  if (known !== undefined) return known
  const made = new TelltaleLogger(name, undefined)
  if (loggers.size < maxLoggers) loggers.set(name, made)
  return made
}

/**
 * A logger by name, usually the module's: `db`, `payments`. May be called at module load, before `setup()`. With a
 * catalogue of events as type argument the compiler checks names and fields.
 *
 * @example
 * const log = getLogger('payments')
 */
export function getLogger(name: string): Logger
export function getLogger<C extends EventCatalogue>(name: string): TypedLogger<C>
export function getLogger(name: string): Logger {
  return loggerNamed(typeof name === 'string' && name !== '' ? name : 'app')
}

/** What plain JavaScript calls by habit, `exception(error)` and `exception('name', { … }, error)`, in its order. */
function inOrder(event: unknown, error: unknown, fields: unknown): [string, unknown, object | undefined] {
  const asFields = (value: unknown): object | undefined =>
    typeof value === 'object' && value !== null && !isError(value) ? value : undefined
  if (typeof event === 'string') return [event, fields, asFields(error)]
  const thrown = isError(event) ? event : copyFields(asFields(event))['error']
  return ['error', thrown ?? event, asFields(error) ?? asFields(fields)]
}
