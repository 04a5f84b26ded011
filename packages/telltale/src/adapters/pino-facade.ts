import { copyFields } from '../encode/copy.js'
import { isWanted } from '../log/capture/wanted.js'
import { levels } from '../log/levels.js'
import type { Logger } from '../log/logger.js'
import { flushSinks } from '../log/deliver.js'
import { reportOnce } from '../self/report.js'
import { readCall } from './pino-call.js'
import {
  levelMapping,
  type LevelMapping,
  levelOf,
  lowestLevel,
  pinoName,
  pinoValues,
  raiseAt,
} from './pino-levels.js'
import { PinoSymbols } from './pino-symbols.js'
import { type Serializers, serialized, withSerializers } from './pino-serializers.js'

interface Parts {
  readonly logger: Logger
  readonly bound: Readonly<Record<string, unknown>>
  /** The level that the library asked for, by Telltale's number. */
  readonly floor: number
  readonly serializers: Serializers
  readonly prefix: string
  readonly levels: LevelMapping
}

type Method = (first: unknown, ...rest: unknown[]) => void

/** Pino's interface over a Telltale logger; `PinoLogger` says what it offers. Throws only what a library's own `onChild` or listener does. */
export class PinoFacade extends PinoSymbols {
  /** Of pino, whose interface this follows. */
  readonly version = '10.0.0'
  readonly useLevelLabels = false
  readonly useOnlyCustomLevels = false
  readonly levels: LevelMapping
  onChild: (child: PinoFacade) => void = () => undefined

  constructor(private parts: Parts) {
    super()
    this.levels = parts.levels
    // Functions of their own, since libraries hand methods on without their object.
    const methods = this as unknown as Record<string, Method>
    for (const [name, value] of Object.entries(parts.levels.values))
      methods[name] = this.method(levelOf(value))
    methods['silent'] = () => undefined
  }

  get customLevels(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.levels.values).filter(([name]) => !(name in pinoValues)))
  }

  get level(): string {
    return pinoName(this.lowest)
  }

  set level(name: string) {
    const value = name === 'silent' ? Number.POSITIVE_INFINITY : this.numberOf(name)
    if (value === undefined) return
    const former = this.level
    const formerVal = this.levelVal
    this.parts = { ...this.parts, floor: levelOf(value) }
    if (this.level !== former) this.emit('level-change', this.level, this.levelVal, former, formerVal, this)
  }

  get levelVal(): number {
    const name = this.level
    return this.numberOf(name) ?? Number.POSITIVE_INFINITY
  }

  // pino's throws.
  set levelVal(_value: number) {}

  get msgPrefix(): string | undefined {
    return this.parts.prefix === '' ? undefined : this.parts.prefix
  }

  // Fastify merges its own serializers with those of the logger it is given.
  get [Symbol.for('pino.serializers')](): Serializers {
    return this.parts.serializers
  }

  isLevelEnabled(name: string): boolean {
    const value = this.numberOf(name)
    return value !== undefined && levelOf(value) >= this.lowest
  }

  child(bindings: object, options?: object): PinoFacade {
    const { parts } = this
    const asked = copyFields(options)
    if (asked['redact'] !== undefined) {
      reportOnce(
        'pino redact',
        `pinoLogger('${parts.logger.name}').child(): the option redact is not applied; name the keys in setup({ redact: { keys: […] } })`,
      )
    }
    const serializers = withSerializers(parts.serializers, asked['serializers'])
    const own = copyFields(serialized(bindings, serializers) as object)
    const child = new PinoFacade({
      logger: Object.keys(own).length === 0 ? parts.logger : parts.logger.bind(own),
      bound: { ...parts.bound, ...own },
      floor: parts.floor,
      serializers,
      prefix: typeof asked['msgPrefix'] === 'string' ? parts.prefix + asked['msgPrefix'] : parts.prefix,
      levels: this.withCustomLevels(asked['customLevels']),
    })
    if (typeof asked['level'] === 'string') child.level = asked['level']
    child.onChild = this.onChild
    this.onChild(child)
    return child
  }

  bindings(): Record<string, unknown> {
    return { ...this.parts.bound }
  }

  setBindings(bindings: object): void {
    const { logger, bound, serializers } = this.parts
    const own = copyFields(serialized(bindings, serializers) as object)
    this.parts = { ...this.parts, logger: logger.bind(own), bound: { ...bound, ...own } }
  }

  flush(callback?: (error?: Error) => void): void {
    flushSinks()
    if (typeof callback === 'function') queueMicrotask(callback)
  }

  private get lowest(): number {
    return Math.max(lowestLevel(this.parts.logger), this.parts.floor)
  }

  // By what a library gives, which need not be a text.
  private numberOf(name: unknown): number | undefined {
    return typeof name === 'string' && Object.hasOwn(this.levels.values, name)
      ? this.levels.values[name]
      : undefined
  }

  /** With those that have a number, under names that nothing else here has. */
  private withCustomLevels(asked: unknown): LevelMapping {
    if (typeof asked !== 'object' || asked === null) return this.levels
    const custom = Object.entries(copyFields(asked)).filter(
      (each): each is [string, number] => typeof each[1] === 'number' && !(each[0] in this),
    )
    return levelMapping({ ...this.levels.values, ...Object.fromEntries(custom) })
  }

  private method(level: number): Method {
    return (first, ...rest) => {
      const { floor, logger } = this.parts
      if (level >= floor && isWanted(logger, levels[level]!)) this.say(level, first, rest)
    }
  }

  private say(level: number, first: unknown, rest: unknown[]): void {
    const { logger, prefix, serializers } = this.parts
    const call = readCall(...prefixed(prefix, serialized(first, serializers), rest))
    raiseAt(level, logger, call.event, call.fields)
  }
}

function prefixed(prefix: string, first: unknown, rest: unknown[]): [unknown, unknown[]] {
  if (prefix === '') return [first, rest]
  if (typeof first === 'string') return [prefix + first, rest]
  return typeof rest[0] === 'string' ? [first, [prefix + rest[0], ...rest.slice(1)]] : [first, rest]
}
