import type { Canaries } from './canaries.js'
import type { Answer, Call, Client } from './client.js'
import type { Random } from './random.js'
import type { createWire } from './wire.js'

/** All that one scenario has to act with. */
export interface Visit {
  client: Session
  /** Sends all calls at once. */
  together(calls: readonly Call[]): Promise<Answer[]>
  wire: ReturnType<typeof createWire>
  random: Random
  canaries: Canaries
  /** A seeded user whom no other visit plays at the same time. */
  userId: string
  /** Waits as a person does between two actions. Throws `Left` when the traffic is ending, as every call does. */
  think(): Promise<void>
}

/** A client as a visit uses it. A call whose connection breaks ends the visit: what follows builds on its answer. */
export interface Session {
  send(call: Call): Promise<Answer>
  abort: Client['abort']
}

/** Ends a visit early: the traffic is stopping, or a connection broke. Not a failure. */
export class Left extends Error {
  override name = 'Left'
}

export type Scenario = (visit: Visit) => Promise<void>

/** What a person needs between two actions, and what their browser does. */
const THINK_MS = { low: 150, high: 700 }
const BEAT_MS = { low: 20, high: 160 }

type VisitOptions = Pick<Visit, 'random' | 'canaries' | 'userId' | 'wire'> & {
  client: Client
  pace: number
  signal: AbortSignal
}

export function createVisit({ client, wire, pace, signal, ...given }: VisitOptions): Visit {
  const waitOrLeave = async ({ low, high }: typeof THINK_MS): Promise<void> => {
    await pause(given.random.int(low, high) / pace, signal)
    if (signal.aborted) throw new Left()
  }
  const afterABeat = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => waitOrLeave(BEAT_MS).then(() => act(...args))
  }
  return {
    ...given,
    client: {
      send: afterABeat(async (call) => orLeave(await client.send(call))),
      abort: afterABeat(client.abort),
    },
    wire: { send: afterABeat(wire.send) },
    together: afterABeat(async (calls) => (await Promise.all(calls.map(client.send))).map(orLeave)),
    think: () => waitOrLeave(THINK_MS),
  }
}

function orLeave(answer: Answer | undefined): Answer {
  if (answer) return answer
  throw new Left()
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
