import { show } from '../self/show.js'
import { slot } from '../state/state.js'

/** What background work is given when the drain begins. */
export interface Draining {
  /** Aborts where the time for it is over: what is not done by then is cut. */
  readonly signal: AbortSignal
}

export interface Hook {
  readonly name: string
  readonly run: () => unknown
}

export interface DrainHook {
  readonly name: string
  readonly run: (draining: Draining) => unknown
}

const hooks = slot('lifecycle.hooks', () => ({
  shutdown: new Set<Hook>(),
  last: new Set<Hook>(),
  drain: new Set<DrainHook>(),
  /** There while a drain waits for background work. */
  tell: undefined as ((hook: DrainHook) => void) | undefined,
}))

// More is a leak, one for each request, say.
const maxHooks = 1000

/**
 * Registers what is closed at the end, pools and files for instance: after requests, flows and background work, one after
 * the other, the last registered first, within `lifecycle.flushTimeoutMs` for all. Called once, by the drain on a signal
 * or by `shutdown()`; without `setup()` there is neither, and it is never called. What throws, rejects or takes longer is
 * named in `shutdown_completed` and makes the exit code 1. Returns what takes it back. Throws a TypeError for bad
 * arguments, a RangeError from the 1,001st on.
 *
 * @example
 * onShutdown('database', () => pool.end())
 */
export function onShutdown(name: string, run: () => unknown): () => void {
  return added('onShutdown', hooks.shutdown, { name, run })
}

/**
 * Registers background work, a queue's consumer, a poller or cron for instance: called as soon as the drain begins and
 * readiness fails, the last registered first, none waiting for another. It stops taking on work, and what it returns
 * is waited for beside requests and flows, until `lifecycle.drainDelayMs` and `drainTimeoutMs` are over; then `signal`
 * aborts. Flows that it begins meanwhile are waited for, too. Called once, by the drain on a signal or by `shutdown()`; without
 * `setup()` there is neither, and it is never called. What throws, rejects or takes longer is named in
 * `shutdown_completed` and makes the exit code 1. Returns what takes it back. Throws a TypeError for bad arguments,
 * a RangeError from the 1,001st on.
 *
 * @example
 * onDrain('orders', async ({ signal }) => {
 *   consumer.pause()
 *   await consumer.idle({ signal })
 * })
 */
export function onDrain(name: string, run: (draining: Draining) => unknown): () => void {
  const hook = { name, run }
  const takeBack = added('onDrain', hooks.drain, hook)
  // Registered by a start that was still under way as the signal came.
  if (hooks.tell !== undefined && hooks.drain.delete(hook)) hooks.tell(hook)
  return takeBack
}

/** What others are watched by until the end: it closes after every other hook. */
export function closeLast(name: string, run: () => unknown): void {
  hooks.last.add({ name, run })
}

export function takeHooks(): Hook[] {
  const taken = [...[...hooks.shutdown].reverse(), ...hooks.last]
  hooks.shutdown.clear()
  hooks.last.clear()
  return taken
}

/** Hands out what is registered, and what will be until it is called again without a function. */
export function tellDrainHooks(tell: ((hook: DrainHook) => void) | undefined): void {
  hooks.tell = tell
  if (tell === undefined) return
  const taken = [...hooks.drain].reverse()
  hooks.drain.clear()
  for (const hook of taken) tell(hook)
}

function added<T extends Hook | DrainHook>(call: string, to: Set<T>, hook: T): () => void {
  const { name, run } = hook as { name: unknown; run: unknown }
  if (typeof name !== 'string' || name === '')
    throw new TypeError(
      `${call}(): the first argument must be a name, a string that is not empty, got ${show(name)}.`,
    )
  if (typeof run !== 'function')
    throw new TypeError(
      `${call}(${JSON.stringify(name)}): the second argument must be a function, got ${show(run)}.`,
    )
  if (to.size >= maxHooks)
    throw new RangeError(
      `${call}(${JSON.stringify(name)}): there are ${maxHooks} already; one for what lives as long as the process is meant. What it returns takes it back.`,
    )
  to.add(hook)
  return () => void to.delete(hook)
}
