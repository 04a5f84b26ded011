import { scopes } from '../context/scope.js'
import { openFlows, openFlowsEnded } from '../flow/open.js'
import { stopChecks } from '../health/checks.js'
import { phase } from '../health/phase.js'
import { allClosed, announceClose, cutOpen, openExchanges } from '../http/inflight.js'
import { closeConnections, closeListeners, closeUnused, closeWithoutRequest } from '../http/servers.js'
import { flushSinks } from '../log/deliver.js'
import { info, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { ending } from '../log/sinks/ending.js'
import { summariseNow } from '../log/suppressed.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { Background } from './background.js'
import { closeExits, flushExits } from './exits.js'
import { flushAll } from './flush.js'
import { takeHooks } from './hooks.js'
import { runHooks } from './run-hooks.js'
import { lifecycle } from './settings.js'
import { leftUntil } from './within.js'

const log = loggerNamed('telltale')
const running = slot('lifecycle.drain', () => ({
  promise: undefined as Promise<readonly string[]> | undefined,
}))
const maxNamed = 10
// For the last lines where all time is used up and a pipe is full.
const graceMs = 200

/**
 * Readiness fails and background work is told; the listeners close after the drain delay; requests, background work and
 * flows under way end, or are cut; hooks run and all that waits is handed on. Each part has a deadline, the last two share one. Resolves
 * to what was cut; never rejects. There is one drain in a life: who asks again gets the same.
 */
export function drain(reason: string): Promise<readonly string[]> {
  if (running.promise !== undefined) return running.promise
  // There before anything runs: a hook may ask for a shutdown, too.
  const { promise, resolve } = withResolvers<readonly string[]>()
  running.promise = promise
  void scopes
    .exit(() => drainOnce(reason))
    .then(resolve, (problem: unknown) => {
      reportOnce('drain', `the drain ended early: ${show(problem)}`)
      resolve(['drain'])
    })
  return promise
}

/** After a drain that did not end the process, all begins anew. */
export function beginLife(): void {
  running.promise = undefined
  phase.draining = false
  ending.latest = undefined
}

async function drainOnce(reason: string): Promise<readonly string[]> {
  const startedAt = performance.now()
  const { drainDelayMs, drainTimeoutMs, flushTimeoutMs } = lifecycle
  const deadline = startedAt + drainDelayMs + drainTimeoutMs
  // The end of the process does not wait anew for what was waited for.
  ending.latest = deadline + flushTimeoutMs + graceMs
  phase.draining = true
  raise(info, 'shutdown_started', { reason, in_flight: openExchanges().size })
  announceClose()
  const background = new Background()
  background.begin()
  if (drainDelayMs > 0) await wait(drainDelayMs)

  closeListeners()
  // A request that has arrived and is not read yet is none of an unused connection.
  await turn()
  closeUnused()
  await allEnded(background, deadline)
  const cut = [...cutOpen(), ...background.end(), ...interruptFlows()]

  const flushUntil = performance.now() + flushTimeoutMs
  stopChecks()
  // A hook that hangs must not use up the time of what waits to be sent.
  const early = setTimeout(() => void flushExits(), flushTimeoutMs / 2)
  cut.push(...(await runHooks(takeHooks(), flushUntil)))
  clearTimeout(early)
  closeConnections()
  summariseNow()
  const ms = Math.round(performance.now() - startedAt)
  const fields = { reason, duration_ms: ms, cut: cut.length === 0 ? undefined : named(cut) }
  raise(cut.length === 0 ? info : warning, 'shutdown_completed', fields)
  flushSinks()
  await flushAll(leftUntil(flushUntil))
  closeExits()
  return cut
}

/** Flows that requests and background work have begun are among those that are waited for; those begun later are not. */
async function allEnded(background: Background, deadline: number): Promise<void> {
  do {
    await Promise.all([requestsEnded(deadline), background.settled(leftUntil(deadline))])
    await openFlowsEnded(leftUntil(deadline))
    // On a connection that was not idle yet another may have come.
  } while (openExchanges().size > 0 && performance.now() < deadline)
}

async function requestsEnded(deadline: number): Promise<void> {
  if (!(await allClosed(leftUntil(deadline)))) return
  // Connections whose last response said keep-alive have become idle only now.
  closeWithoutRequest()
}

function interruptFlows(): string[] {
  return [...openFlows()].map((flow) => {
    flow.interrupt()
    return `flow ${flow.id}`
  })
}

function named(cut: readonly string[]): string[] {
  return cut.length <= maxNamed ? [...cut] : [...cut.slice(0, maxNamed), `…(+${cut.length - maxNamed})`]
}

// A drain belongs to no request, even where one asked for it.
function raise(level: number, event: string, fields: object): void {
  log.raise(level, event, fields, undefined)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}

/** Until what had arrived by now has been read. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
