import { createCanaries } from './canaries.js'
import { createAgent, createClient } from './client.js'
import type { Exchange, TrafficMessage, TrafficReport } from './exchange.js'
import { createIdentities } from './identity.js'
import { createLedger } from './ledger.js'
import { createPlan } from './plan.js'
import { createRandom } from './random.js'
import { scenarios } from './scenarios/index.js'
import { createVisit, Left, pause } from './visit.js'
import { createWire } from './wire.js'

export interface TrafficOptions {
  url: URL
  seed: number
  /** Makes this run's canaries and request ids its own. */
  run: string
  /** 1 is a pace that a person can follow; 2 twice as fast. */
  pace: number
  /** Ends the traffic: visits leave at their next pause, requests under way are waited for. */
  signal: AbortSignal
  /** Gets every exchange as it ends, and the report. */
  emit: (message: TrafficMessage) => void
}

const MOST_BROKEN = 20

/** Plays the plan against the service until `signal` ends it; the report is emitted last. Never rejects. */
export async function generateTraffic(options: TrafficOptions): Promise<void> {
  const { url, seed, run, pace, signal, emit } = options
  const begun = performance.now()
  const ledger = createLedger()
  const record = (exchange: Exchange): void => {
    ledger.add(exchange)
    emit(exchange)
  }
  const agent = createAgent()
  const wire = createWire({ url, record })
  const canaries = createCanaries({ seed, run })
  const counts: Record<string, number> = {}
  const broken: string[] = []
  const busy = new Set<string>()
  const under = new Set<Promise<void>>()
  let skipped = 0

  for (const { atMs, scenario, userId, seed: name } of createPlan(seed)) {
    await pause(begun + atMs / pace - performance.now(), signal)
    if (signal.aborted) break
    if (busy.has(userId)) {
      skipped++
      continue
    }
    counts[scenario] = (counts[scenario] ?? 0) + 1
    busy.add(userId)
    const random = createRandom(name)
    const identify = createIdentities(`${run}-${name.split('/').at(-1)}`, random.fork('identities'))
    const client = createClient({ url, agent, identify, record })
    const visit = createVisit({ client, wire, canaries, random, userId, pace, signal })
    const played = scenarios[scenario]
      .run(visit)
      .catch((error: unknown) => {
        if (error instanceof Left || broken.length >= MOST_BROKEN) return
        broken.push(`${scenario}: ${error instanceof Error ? error.message : String(error)}`)
      })
      .finally(() => {
        under.delete(played)
        busy.delete(userId)
      })
    under.add(played)
  }
  await Promise.all(under)
  agent.destroy()

  const report: TrafficReport = {
    kind: 'report',
    seed,
    run,
    seconds: (performance.now() - begun) / 1_000,
    sent: ledger.sent(),
    outcomes: ledger.outcomes,
    answered: ledger.answered,
    scenarios: counts,
    skipped,
    broken,
    canaries: canaries.planted(),
  }
  emit(report)
}
