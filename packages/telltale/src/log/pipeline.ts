import { quote } from '../encode/quote.js'
import { type ReservedKey, reservedKeys } from '../encode/reserved-keys.js'
import { policy } from '../redact/policy.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
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

interface Pipeline {
  /** False until setup() or its stand-in: until then events are held. */
  open: boolean
  /** Raised by each change of names: loggers build their fragments again. */
  version: number
  keys: KeyNames
  /** `,"service":"…","version":"…"` as it stands in each line. */
  identity: string
  /** From a JSON line to what the sinks get; undefined for JSON itself. */
  render: ((line: string) => string) | undefined
  sinks: readonly Sink[]
}

export const pipeline = slot<Pipeline>('log.pipeline', () => ({
  open: false,
  version: 0,
  keys: defaultKeys,
  identity: '',
  render: undefined,
  sinks: [],
}))

export function setIdentity(identity: Identity): void {
  const { keys } = pipeline
  pipeline.identity = (['service', 'version', 'environment', 'instance'] as const)
    .filter((name) => identity[name] !== undefined)
    .map((name) => `,"${keys[name]}":${quote(policy.current.text(identity[name]!))}`)
    .join('')
  pipeline.version++
}

/** To every sink; `urgent` lines go out before this returns. */
export function deliver(line: string, urgent: boolean): void {
  const text = pipeline.render === undefined ? line : `${pipeline.render(line)}\n`
  for (const sink of pipeline.sinks) {
    tell(sink, 'write', text)
    if (urgent) tell(sink, 'flush')
  }
}

export function flushSinks(): void {
  for (const sink of pipeline.sinks) tell(sink, 'flush')
}

/** The last act of a process. */
export function flushAtExit(): void {
  for (const sink of pipeline.sinks) tell(sink, sink.flushAndWait === undefined ? 'flush' : 'flushAndWait')
}

/** A sink is somebody's own code: what it throws or rejects with ends here, and the other sinks get their lines. */
function tell(sink: Sink, act: keyof Sink, text = ''): void {
  try {
    const result: unknown = sink[act]?.(text)
    if (typeof result === 'object' && result !== null) {
      Promise.resolve(result).catch((problem: unknown) => failed(act, problem))
    }
  } catch (problem) {
    failed(act, problem)
  }
}

function failed(act: keyof Sink, problem: unknown): void {
  dropped('log', 'sink')
  reportOnce(`sink ${act}`, `${act}() of a log sink failed: ${show(problem)}`)
}
