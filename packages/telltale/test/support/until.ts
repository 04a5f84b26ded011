const deadlineMs = 15_000

/** Resolves when `condition` holds; rejects with `what` when it does not within 15 s. */
export async function until(what: string, condition: () => unknown): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not within ${deadlineMs} ms: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

/** What handlers wait at until the test opens it. */
export function gate(): Gate {
  let open!: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
