import { errorExits, flushErrorExit, hasUnflushed } from '../errors/exits.js'
import { slot } from '../state/state.js'

/** What leaves the machine, and goes out last: after the last line is written. */
export interface NetworkExit {
  /** What it is called where its flush takes too long. */
  readonly name?: string
  /** Sends what waits. Never rejects. */
  flush(): Promise<void>
  /** Whether something waits to be sent; an exit without it may always have something. */
  hasWork?(): boolean
  /** Ends it; what still waits is counted as lost. */
  close(): void
}

const exits = slot('lifecycle.exits', () => new Set<NetworkExit>())

/** Adds an exit to those that a shutdown flushes and closes; returns what takes it back. */
export function addExit(exit: NetworkExit): () => void {
  exits.add(exit)
  return () => void exits.delete(exit)
}

/** Every exit, those for errors too, each once. */
export function exitsToFlush(): { readonly name: string; flush(): Promise<void> }[] {
  const forErrors = errorExits().filter((exit) => !exits.has(exit as unknown as NetworkExit))
  return [
    ...[...exits].map((exit) => ({ name: exit.name ?? 'an exit', flush: () => exit.flush() })),
    ...forErrors.map((exit) => ({
      name: exit.name ?? 'an exit for errors',
      flush: () => flushErrorExit(exit),
    })),
  ]
}

/** Resolves when every exit has sent what waited. */
export async function flushExits(): Promise<void> {
  await Promise.all(exitsToFlush().map((exit) => exit.flush()))
}

/** Whether a process that ends now would lose what an exit has not sent. */
export function haveWork(): boolean {
  return hasUnflushed() || [...exits].some((exit) => exit.hasWork?.() ?? true)
}

export function closeExits(): void {
  for (const exit of exits) exit.close()
  exits.clear()
}
