/** Whether the app listens to a signal itself, Telltale's own listener and those of libraries aside. */
export function hasOthers(signal: string): boolean {
  return process.listenerCount(signal) > 1 + bystanders()
}

/** The listeners of `signal-exit`, which many libraries bring: where others listen it leaves the ending to them. */
function bystanders(): number {
  const versions = [
    (globalThis as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')],
    (process as { __signal_exit_emitter__?: unknown }).__signal_exit_emitter__,
  ] as ({ readonly count?: number } | undefined)[]
  return versions.reduce((sum, version) => sum + (version?.count ?? 0), 0)
}
