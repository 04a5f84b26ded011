import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { health } from '../../src/index.js'
import type { CheckFunction, CheckOptions } from '../../src/health/options.js'
import { http } from './apps/http.js'
import { Capture, type Line } from './capture.js'
import { checkNamed, forgetChecks } from './checks.js'
import { ask } from './client.js'

/** For a machine that is busy with other tests. */
const slackMs = 5000

/** A service with one check, whose liveness is asked throughout. */
export class Watched {
  readonly log = new Capture()
  private readonly liveness = new Set<number>()
  private isOver = false
  private probing: Promise<void> | undefined
  private app: Awaited<ReturnType<typeof http.start>> | undefined

  private constructor(private readonly intervalMs: number) {}

  static async start(fn: CheckFunction, options: CheckOptions = {}): Promise<Watched> {
    const settings = { intervalMs: 200, timeoutMs: 250, ...options }
    const watched = new Watched(1.1 * settings.intervalMs + settings.timeoutMs)
    const app = (watched.app = await http.start())
    health.check('dependency', fn, settings)
    watched.probing = (async () => {
      while (!watched.isOver) {
        watched.liveness.add((await ask(app.port, '/health')).status)
        await wait(20)
      }
    })()
    return watched
  }

  get check(): ReturnType<typeof checkNamed> {
    return checkNamed('dependency')
  }

  /** Readiness answers with `status` within an interval, a time-out and some slack. */
  async ready(status: 200 | 503): Promise<void> {
    const begun = performance.now()
    for (;;) {
      const answer = await ask(this.app!.port, '/health/ready')
      if (answer.status === status) return
      if (performance.now() - begun > this.intervalMs + slackMs)
        throw new Error(`Readiness is not ${status} but ${answer.body}\n${this.log.text}`)
      await wait(10)
    }
  }

  /** What became of it, in order. */
  get changes(): Line[] {
    return this.log.events('health_check_failed', 'health_check_recovered', 'health_check_hung')
  }

  async end(): Promise<void> {
    this.isOver = true
    await this.probing
    forgetChecks()
    await this.app?.close()
    await this.log.telltale.shutdown()
    expect([...this.liveness]).toEqual([200])
  }
}
