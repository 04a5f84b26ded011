import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { slot } from '../state/state.js'

const resolutionMs = 20

/** The longest delay since somebody last took it. */
export class DelayWindow {
  longestMs = 0

  constructor(private readonly monitor: Monitor) {}

  take(): number {
    this.monitor.read()
    const { longestMs } = this
    this.longestMs = 0
    return longestMs
  }
}

/** One for the thread, however many read it. */
class Monitor {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs })
  private gapMs = 0
  // A check that was replaced is not kept.
  private readonly windows = new Set<WeakRef<DelayWindow>>()

  constructor() {
    this.histogram.enable()
    this.begin()
  }

  open(): DelayWindow {
    this.read()
    const window = new DelayWindow(this)
    this.windows.add(new WeakRef(window))
    return window
  }

  /** Tells every window what came since the last reading. */
  read(): void {
    const longestMs = Math.max(this.histogram.max / 1e6 - resolutionMs, this.gapMs)
    this.begin()
    for (const each of this.windows) {
      const window = each.deref()
      if (window === undefined) this.windows.delete(each)
      else window.longestMs = Math.max(window.longestMs, longestMs)
    }
  }

  // A reset histogram begins to count with its second tick: the time until then is measured by a timer.
  private begin(): void {
    this.histogram.reset()
    this.gapMs = 0
    const dueAt = performance.now() + 2 * resolutionMs
    const late = (): void => {
      this.gapMs = Math.max(this.gapMs, performance.now() - dueAt)
    }
    setTimeout(late, 2 * resolutionMs).unref()
  }
}

const shared = slot('checks.delay_monitor', () => ({ monitor: undefined as Monitor | undefined }))

export function delayWindow(): DelayWindow {
  return (shared.monitor ??= new Monitor()).open()
}
