const maxWaitMs = 2 ** 31 - 1

/** Calls `stalled` with the age when `expectMs` has passed, and again each time the age has doubled, until stopped. */
export function watchStall(
  expectMs: number | undefined,
  stalled: (ageMs: number) => void,
): { stop(): void } | undefined {
  if (expectMs === undefined || !(expectMs > 0)) return undefined
  const startedAt = performance.now()
  let timer: NodeJS.Timeout
  const arm = (ms: number): void => {
    timer = setTimeout(
      () => {
        const age = Math.round(performance.now() - startedAt)
        stalled(age)
        arm(Math.max(age, 1))
      },
      Math.min(ms, maxWaitMs),
    )
    timer.unref()
  }
  arm(expectMs)
  return { stop: () => clearTimeout(timer) }
}
