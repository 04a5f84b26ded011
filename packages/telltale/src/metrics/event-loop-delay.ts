import { histogram } from './histogram.js'

const intervalMs = 200
const maxMissed = 300

/**
 * Samples how late the event loop is, every 200 ms, with a timer that keeps no process alive (the native monitor wakes
 * an idle process a hundred times a second and counts its own interval as delay). While the loop is blocked no sample
 * can be taken, so those it prevented are added when it ends: the histogram says what work arriving at any moment
 * would have waited. Returns what stops it.
 */
export function startEventLoopDelay(): () => void {
  const delay = histogram('nodejs_eventloop_delay_seconds', {
    help: 'How long work that arrived at any moment waited for the event loop.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  })
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const late = now - last - intervalMs
    last = now
    delay.observe(Math.max(0, late) / 1000)
    for (let missed = 1; missed <= maxMissed && late > missed * intervalMs; missed++) {
      delay.observe((late - missed * intervalMs) / 1000)
    }
  }, intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}
