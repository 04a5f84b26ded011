import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import type { Workers } from './workers.js'

const loaded = slot('lifecycle.workers', () => ({
  make: undefined as ((reason: string) => Workers) | undefined,
}))

/** At the first fork: most processes have none, and by the time of the drain a deployment may have taken the file away. */
export function loadWorkers(): void {
  import('./workers.js').then(
    ({ Workers }) => (loaded.make = (reason) => new Workers(reason)),
    (problem: unknown) =>
      reportOnce('workers', `a shutdown will not wait for the workers of the cluster: ${show(problem)}`),
  )
}

/** The workers of this process while it drains; undefined where it never had any. */
export function workersFor(reason: string): Workers | undefined {
  return loaded.make?.(reason)
}
