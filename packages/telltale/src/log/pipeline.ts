import { quote } from '../encode/quote.js'
import { type ReservedKey, reservedKeys } from '../encode/reserved-keys.js'
import { policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import type { Sink } from './sinks/sink.js'

/** What every line says about the service. */
export interface Identity {
  readonly service: string
  readonly version?: string | undefined
  readonly environment?: string | undefined
  readonly instance?: string | undefined
}

export type KeyNames = Readonly<Record<ReservedKey, string>>

export const defaultKeys = Object.fromEntries(reservedKeys.map((key) => [key, key])) as KeyNames

/** A JSON line, redacted and with its newline, as a destination has it, again with its newline. */
export type Render = (line: string) => string

/** One destination. */
export interface Route {
  readonly sink: Sink
  /** The lowest level it takes. */
  readonly level: number
  /** Undefined for JSON itself. */
  readonly render: Render | undefined
}

/** Is shown every finished line, redacted, before the destinations; true keeps it from them. */
export type Tap = (line: string, level: number) => boolean

interface Pipeline {
  /** False until setup() or its stand-in: until then events are held. */
  open: boolean
  /** Raised by each change of names: loggers build their fragments again. */
  version: number
  keys: KeyNames
  /** `,"service":"…","version":"…"` as it stands in each line. */
  identity: string
  routes: readonly Route[]
  /** The destinations or their format were asked for. */
  explicit: boolean
  taps: readonly Tap[]
}

export const pipeline = slot<Pipeline>('log.pipeline', () => ({
  open: false,
  version: 0,
  keys: defaultKeys,
  identity: '',
  routes: [],
  explicit: false,
  taps: [],
}))

/** Adds a tap; returns what takes it off. */
export function addTap(tap: Tap): () => void {
  pipeline.taps = [...pipeline.taps, tap]
  return () => {
    pipeline.taps = pipeline.taps.filter((each) => each !== tap)
  }
}

export function setIdentity(identity: Identity): void {
  const { keys } = pipeline
  pipeline.identity = (['service', 'version', 'environment', 'instance'] as const)
    .filter((name) => identity[name] !== undefined)
    .map((name) => `,"${keys[name]}":${quote(policy.current.text(identity[name]!))}`)
    .join('')
  pipeline.version++
}
