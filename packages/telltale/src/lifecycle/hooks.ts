import { slot } from '../state/state.js'

export interface Hook {
  readonly name: string
  readonly run: () => unknown
}

const hooks = slot('lifecycle.hooks', () => new Set<Hook>())

/** Registers what must end before the process does; the last registered is run first. Returns what takes it back. */
export function onShutdown(name: string, run: () => unknown): () => void {
  const hook = { name, run }
  hooks.add(hook)
  return () => void hooks.delete(hook)
}

export function takeHooks(): Hook[] {
  const taken = [...hooks].reverse()
  hooks.clear()
  return taken
}
