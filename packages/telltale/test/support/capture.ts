import { setup, type SetupOptions, type Telltale } from '../../src/index.js'
import { openExchanges } from '../../src/http/inflight.js'
import { until } from './until.js'

export interface Line {
  readonly level: string
  readonly event: string
  readonly [field: string]: unknown
}

/** A running system whose lines are kept. */
export class Capture {
  text = ''
  readonly telltale: Telltale

  constructor(options: SetupOptions = {}) {
    const sinks = [{ write: (text: string) => void (this.text += text) }]
    this.telltale = setup({
      service: 'whole',
      environment: 'test',
      ...options,
      log: { sinks, ...options.log },
      lifecycle: { signals: false, drainTimeoutMs: 2000, ...options.lifecycle },
    })
  }

  /** Every line in order; throws where one is not JSON. */
  get lines(): Line[] {
    return this.text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
  }

  events(...names: string[]): Line[] {
    return this.lines.filter(({ event }) => names.includes(event))
  }

  /** The one line of this event; throws where there is none or another. */
  one(event: string): Line {
    const found = this.events(event)
    if (found.length !== 1) throw new Error(`${found.length} lines of ${event} in:\n${this.text}`)
    return found[0]!
  }

  /** The end-of-request events. */
  get ends(): Line[] {
    return this.events('request_completed', 'request_failed', 'request_aborted')
  }

  /** Resolves when no request is open and `count` have ended. */
  async ended(count: number): Promise<void> {
    await until(
      `${count} requests ended, now ${this.ends.length}`,
      () => openExchanges().size === 0 && this.ends.length >= count,
    )
  }
}
