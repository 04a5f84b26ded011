import type { EventEmitter } from 'node:events'
import { loggerNamed } from '../log/logger.js'
import { PinoFacade } from './pino-facade.js'
import { levelMapping, type LevelMapping, pinoValues } from './pino-levels.js'

/** A method of `PinoLogger`: `(fields, text?, ...values)`, `(text, ...values)`, `(error, text?)` or `('event', fields)`. */
export interface PinoLogFunction {
  (first: unknown, ...rest: unknown[]): void
}

export interface PinoChildOptions<Custom extends string = never> {
  /** Makes the child quieter than its parent, never more talkative. */
  readonly level?: string
  /** By key, for bindings and fields; errors are left to Telltale. */
  readonly serializers?: { readonly [key: string]: (value: never) => unknown }
  /** Stands before each text. */
  readonly msgPrefix?: string
  /** Further methods by number: `{ audit: 35 }`, written as the Telltale level below or at it. */
  readonly customLevels?: { readonly [name in Custom]: number }
}

/** What libraries call on a pino logger; assignable to pino's own `Logger` type. */
export type PinoLogger<Custom extends string = never> = PinoMembers<Custom> & {
  [name in Custom]: PinoLogFunction
}

interface PinoMembers<Custom extends string> extends EventEmitter {
  /**
   * The lowest level that is written. Setting it makes this logger and children made after it quieter; what is written
   * at all is decided by `setup()`, `LOG_LEVEL` and `setLevel()`.
   */
  level: string
  levelVal: number
  levels: LevelMapping
  customLevels: { [name in Custom]: number }
  useOnlyCustomLevels: boolean
  useLevelLabels: boolean
  readonly msgPrefix: string | undefined
  readonly version: string
  onChild: (child: PinoLogger<Custom>) => void
  trace: PinoLogFunction
  debug: PinoLogFunction
  info: PinoLogFunction
  warn: PinoLogFunction
  error: PinoLogFunction
  fatal: PinoLogFunction
  silent: PinoLogFunction
  child<Further extends string = never>(
    bindings: object,
    options?: PinoChildOptions<Further>,
  ): PinoLogger<Custom | Further>
  bindings(): Record<string, unknown>
  setBindings(bindings: object): void
  isLevelEnabled(level: string): boolean
  flush(callback?: (error?: Error) => void): void
}

/**
 * A logger for libraries that want pino's: its calls become events of the Telltale logger `name`, with Telltale's
 * context, redaction and levels. A text that is snake_case is the event's name; any other text is the `message` of the
 * event `log`. pino itself is not needed. Never throws.
 *
 * @example
 * app.use(pinoHttp({ logger: pinoLogger('http') }))
 */
export function pinoLogger(name = 'app'): PinoLogger {
  const logger = loggerNamed(typeof name === 'string' && name !== '' ? name : 'app')
  const facade = new PinoFacade({
    logger,
    bound: {},
    floor: 0,
    serializers: {},
    prefix: '',
    levels: levelMapping(pinoValues),
  })
  return facade as unknown as PinoLogger
}
