import type { Canaries } from './canaries.js'
import type { Answer, Call, Client } from './client.js'
import type { Random } from './random.js'
import type { createWire } from './wire.js'

/** All that one scenario has to act with. */
export interface Visit {
  client: Pick<Client, 'send' | 'abort'>
  /** Sends all calls at once. */
  together(calls: readonly Call[]): Promise<(Answer | undefined)[]>
  wire: ReturnType<typeof createWire>
  random: Random
  canaries: Canaries
  /** A seeded user whom no other visit plays at the same time. */
  userId: string
  /** Waits as a person does between two actions. Throws `Left` when the traffic is ending, as every call does. */
  think(): Promise<void>
}

/** Ends a visit early: the traffic is stopping. Not a failure. */
export class Left extends Error {
  override name = 'Left'
}

export type Scenario = (visit: Visit) => Promise<void>
