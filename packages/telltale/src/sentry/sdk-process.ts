import type { SdkEnvelope, SdkEvent, SdkHint, SentryClient } from './sdk.js'

/** One event's way through the SDK: itself, its hint, and the scopes of its capture. */
export type Processing = [event: SdkEvent, hint: SdkHint | undefined, ...scopes: unknown[]]

type Process = (...processing: Processing) => PromiseLike<unknown>

/** What versions 10 and 11 have in common of a client; `_processEvent` is none of its documented parts. */
interface Client {
  _processEvent: Process
  getEventProcessors(): { readonly id?: string }[]
  emit(hook: string, ...rest: unknown[]): void
  sendEnvelope(envelope: SdkEnvelope): PromiseLike<unknown>
}

// What they add takes them turns, to read files and ask the system; and `Dedupe` may have seen the event already.
const leftOut = new Set(['Context', 'ContextLines', 'LocalVariables', 'LocalVariablesAsync', 'Dedupe'])

/**
 * Tells `see` of every event that a client begins to process, and of the promise that rejects where it drops it. Returns
 * what ends that; undefined where the client has no such part.
 */
export function seeProcessing(
  client: SentryClient,
  see: (processing: Processing, isProcessed: () => PromiseLike<unknown>) => PromiseLike<unknown>,
): (() => void) | undefined {
  const inner = client as unknown as Client
  const process = inner._processEvent as Process | undefined
  if (typeof process !== 'function') return undefined
  const seen: Process = (...processing) => see(processing, () => process.apply(client, processing))
  inner._processEvent = seen
  return () => {
    if (inner._processEvent === seen) inner._processEvent = process
  }
}

/**
 * Has the SDK process an event at once that it has begun to process, so that its envelope is told to `beforeEnvelope`
 * before this returns, or never: by its own rules, processors and hooks, but without what its defaults need other turns
 * for. A sample of errors (`sampleRate`) is taken anew. Sends nothing. Returns whether it dropped the event.
 */
export function processNow(
  client: SentryClient,
  process: () => PromiseLike<unknown>,
  event: SdkEvent,
): boolean {
  const inner = client as unknown as Client
  const { getEventProcessors, emit, sendEnvelope } = inner
  inner.getEventProcessors = () =>
    getEventProcessors.call(client).filter(({ id }) => id === undefined || !leftOut.has(id))
  // The event has what this adds to it.
  inner.emit = (hook, ...rest) => {
    if (hook !== 'preprocessEvent' || rest[0] !== event) emit.call(client, hook, ...rest)
  }
  inner.sendEnvelope = (envelope) => {
    emit.call(client, 'beforeEnvelope', envelope)
    return new Promise(() => undefined)
  }
  let isDropped = false
  try {
    // The SDK's promises call back at once where nothing has to be waited for.
    void process().then(undefined, () => {
      // A rejection is how the SDK says that it drops the event.
      isDropped = true
    })
  } finally {
    Object.assign(inner, { getEventProcessors, emit, sendEnvelope })
  }
  return isDropped
}
