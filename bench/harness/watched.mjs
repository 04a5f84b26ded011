import { setImmediate as turn } from 'node:timers/promises'
import { waitedForCore } from './waited-for-core.mjs'

/**
 * Runs `work` and watches the event loop meanwhile: `ms` until it settled, `stallMs` the longest that nothing else could
 * have run, both without the time in which other processes had the core. The loop never idles, so that what lies
 * between two turns is what was done in between.
 */
export async function watched(work, { clock = () => performance.now(), waited = waitedForCore } = {}) {
  let stallMs = 0
  let isOver = false
  const now = () => clock() - waited()
  await turn()
  const begun = now()
  let last = begun
  const look = () => {
    const time = now()
    stallMs = Math.max(stallMs, time - last)
    last = time
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  const result = await work()
  const ms = now() - begun
  isOver = true
  // Of the last turn too, in which `work` settled.
  await turn()
  return { ms, stallMs, result }
}
