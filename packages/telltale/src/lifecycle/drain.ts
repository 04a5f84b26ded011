import { briefField } from '../errors/record.js'
import { openFlows, openFlowsEnded } from '../flow/open.js'
import { stopChecks } from '../health/checks.js'
import { phase } from '../health/phase.js'
import { allClosed, announceClose, openExchanges } from '../http/inflight.js'
import { closeListeners } from '../http/servers.js'
import { info, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { flushSinks, settleSinks } from '../log/deliver.js'
import { summariseNow } from '../log/suppressed.js'
import { reportOnce } from '../self/report.js'
import { slot } from '../state/state.js'
import { closeExits, flushExits } from './exits.js'
import { type Hook, takeHooks } from './hooks.js'
import { lifecycle } from './settings.js'
import { within } from './within.js'

const log = loggerNamed('telltale')
const running = slot('lifecycle.drain', () => ({
  promise: undefined as Promise<readonly string[]> | undefined,
}))
const maxNamed = 10

/**
 * Readiness fails; the listeners close after the drain delay; requests and flows under way end; flows that don't are said to be
 * interrupted; hooks run and sinks hand on what they hold. Each part has a deadline, the last two share one. Resolves to what was cut. Calls at the same time share one drain.
 */
export function drain(reason: string): Promise<readonly string[]> {
  running.promise ??= drainOnce(reason).finally(() => (running.promise = undefined))
  return running.promise
}

async function drainOnce(reason: string): Promise<readonly string[]> {
  const startedAt = performance.now()
  phase.draining = true
  raise(info, 'shutdown_started', { reason, in_flight: openExchanges().size })
  announceClose()
  if (lifecycle.drainDelayMs > 0) await wait(lifecycle.drainDelayMs)

  closeListeners()
  const cut: string[] = []
  const deadline = performance.now() + lifecycle.drainTimeoutMs
  // Also what began in no request, or outlives it: a job that needs a moment more is not to be lost.
  const flowsEnded = openFlowsEnded(lifecycle.drainTimeoutMs)
  if (!(await allClosed(leftUntil(deadline)))) {
    for (const exchange of [...openExchanges()]) {
      cut.push(`request ${exchange.method} ${String(exchange.scope.field('path'))}`)
      exchange.cutShort()
    }
  }
  // Connections whose last response said keep-alive have become idle only now.
  closeListeners()
  await flowsEnded
  for (const flow of [...openFlows()]) {
    flow.interrupt()
    cut.push(`flow ${flow.id}`)
  }
  const flushUntil = performance.now() + lifecycle.flushTimeoutMs
  cut.push(...(await runHooks(takeHooks(), flushUntil)))
  stopChecks()
  summariseNow()
  const ms = Math.round(performance.now() - startedAt)
  const fields = { reason, duration_ms: ms, cut: cut.length === 0 ? undefined : named(cut) }
  raise(cut.length === 0 ? info : warning, 'shutdown_completed', fields)
  flushSinks()
  const left = leftUntil(flushUntil)
  const [areSettled, isSent] = await Promise.all([within(left, settleSinks), within(left, flushExits)])
  const why = `it was not done within ${lifecycle.flushTimeoutMs} ms (lifecycle.flushTimeoutMs)`
  if (!areSettled) reportOnce('sinks', `a log sink was left with what it held: ${why}.`)
  if (!isSent) reportOnce('exits', `what waited to be sent was not all sent: ${why}.`)
  closeExits()
  return cut
}

/** One after the other, within one deadline for all; what failed or was not reached is named. */
async function runHooks(hooks: Hook[], deadline: number): Promise<string[]> {
  const cut: string[] = []
  for (const { name, run } of hooks) {
    try {
      if (!(await within(leftUntil(deadline), run))) cut.push(`hook ${name}`)
    } catch (error) {
      cut.push(`hook ${name}`)
      raise(warning, 'shutdown_hook_failed', { hook: name, error: briefField(error) })
    }
  }
  return cut
}

function leftUntil(deadline: number): number {
  return Math.max(deadline - performance.now(), 1)
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
