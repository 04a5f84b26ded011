/** True where `run` has ended within so many milliseconds, false where it has not; rejects as it does. */
export async function within(ms: number, run: () => unknown): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)))
  try {
    return await Promise.race([late, (async () => (await run(), true))()])
  } finally {
    clearTimeout(timer)
  }
}

/** Milliseconds until then by `performance.now()`, one at least: what needs no time is still done. */
export function leftUntil(deadline: number): number {
  return Math.max(deadline - performance.now(), 1)
}
