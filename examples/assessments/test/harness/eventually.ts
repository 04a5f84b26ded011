import { setTimeout as wait } from 'node:timers/promises'

const EVERY_MS = 20

/** Asks until the answer is not undefined or false, and returns it. Throws, saying what it waited for, at the deadline. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await wait(EVERY_MS)
  }
}
