import { scopes } from '../context/scope.js'
import { openFlowsEnded } from '../flow/open.js'
import { stopChecks } from '../health/checks.js'
import { phase } from '../health/phase.js'
import { allClosed, announceCloses, areAllClosed, cutOpen, requestsUnderWay } from '../http/inflight.js'
import {
  closeConnections,
  closeListeners,
  closeUnused,
  closeWithoutRequest,
  keepAnswering,
} from '../http/servers.js'
import { flushSinks } from '../log/deliver.js'
import { info, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { ending } from '../log/sinks/ending.js'
import { summariseNow } from '../log/suppressed.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { Background } from './background.js'
import { flushShareOfWorkers } from './cluster.js'
import { interruptFlows, named } from './cut.js'
import { closeExits, flushExits } from './exits.js'
import { flushAll } from './flush.js'
import { workersFor } from './load-workers.js'
import { Parts } from './parts.js'
import { runHooks } from './run-hooks.js'
import { lifecycle } from './settings.js'
import { leftUntil } from './within.js'

const log = loggerNamed('telltale')
const running = slot('lifecycle.drain', () => ({
  promise: undefined as Promise<readonly string[]> | undefined,
}))
// For the last lines where all time is used up and a pipe is full.
const graceMs = 200

/**
 * Readiness fails and background work is told; the listeners close after the drain delay; requests, background work and
 * flows under way end, or are cut; hooks run and all that waits is handed on. Each part has a deadline, the last two share one; one that
 * fails is among what was cut. Resolves to that; never rejects. There is one drain in a life: who asks again gets the same.
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
  // A full pipe is waited for by the process's last act: within these, too.
  ending.latest = deadline + flushTimeoutMs + graceMs
  phase.draining = true
  const parts = new Parts()
  const { cut } = parts
  raise(info, 'shutdown_started', { reason, in_flight: requestsUnderWay().size })
  parts.run('announcement', announceCloses)
  // An application that closes its server meanwhile must not cut what is on its way, either.
  parts.run('responses', keepAnswering)
  const background = new Background()
  parts.run('background work', () => background.begin())
  const workers = workersFor(reason)
  parts.run('workers', () => workers?.begin())
  if (drainDelayMs > 0) await wait(drainDelayMs)

  parts.run('listeners', closeListeners)
  // A request that has arrived and is not read yet is none of an unused connection.
  await turn()
  parts.run('unused connections', closeUnused)
  await parts.wait('requests, background work and flows', () => allEnded(background, deadline))
  parts.run('open requests', cutOpen)
  parts.run('background work', () => background.end())
  parts.run('open flows', interruptFlows)
  await parts.wait('workers', async () => workers?.ended(deadline + flushTimeoutMs * flushShareOfWorkers))

  const flushUntil = Math.min(performance.now(), deadline) + flushTimeoutMs
  parts.run('checks', stopChecks)
  // A hook that hangs must not use up the time of what waits to be sent.
  const early = setTimeout(() => void flushExits(), flushTimeoutMs / 2)
  await parts.wait('hooks', () => runHooks(flushUntil))
  clearTimeout(early)
  parts.run('connections', closeConnections)
  parts.run('summary', summariseNow)
  const ms = Math.round(performance.now() - startedAt)
  const fields = { reason, duration_ms: ms, cut: cut.length === 0 ? undefined : named(cut) }
  raise(cut.length === 0 ? info : warning, 'shutdown_completed', fields)
  parts.run('sinks', flushSinks)
  await parts.wait('flush', () => flushAll(leftUntil(flushUntil)))
  parts.run('exits', closeExits)
  return cut
}

/** Flows that requests and background work have begun are among those that are waited for; those begun later are not. */
async function allEnded(background: Background, deadline: number): Promise<void> {
  do {
    await Promise.all([requestsEnded(deadline), background.settled(leftUntil(deadline))])
    await openFlowsEnded(leftUntil(deadline))
    // On a connection that was not idle yet another may have come.
  } while (!areAllClosed() && performance.now() < deadline)
}

async function requestsEnded(deadline: number): Promise<void> {
  // What is still open then is told at the end of the drain.
  if (!(await allClosed(leftUntil(deadline)))) return
  // Connections whose last response said keep-alive have become idle only now.
  closeWithoutRequest()
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
