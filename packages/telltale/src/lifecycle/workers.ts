import type { Worker } from 'node:cluster'
import { type LifecycleMessage, isLifecycleMessage, loadCluster, type PassedOn } from './cluster.js'
import { hasOthers } from './others.js'
import { leftUntil, within } from './within.js'

// A worker that has not said by then that it drains has no Telltale that would, or is busy.
const answerMs = 500

/**
 * The workers of a cluster while their primary drains: Node ends them with it, in the middle of what they do. They are told
 * by a message, which does no harm to one that had the signal itself; the signal goes to those that do not answer.
 */
export class Workers {
  readonly #reason: string
  readonly #signal: PassedOn
  /** The app passes signals on in its own way, and ends what is left. */
  readonly #appEnds: boolean
  readonly #open = new Set<Worker>()
  readonly #unanswered = new Map<Worker, NodeJS.Timeout>()
  readonly #cut: string[] = []
  #whenEnded: (() => void) | undefined

  constructor(reason: string) {
    this.#reason = reason
    this.#signal = reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM'
    this.#appEnds = hasOthers(reason)
  }

  /** Tells all there are, and those that are forked meanwhile. */
  begin(): void {
    const cluster = loadCluster()
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker === undefined || worker.isDead()) continue
      this.#open.add(worker)
      worker.on('exit', (code, signal) => this.#exited(worker, code, signal))
      worker.on('disconnect', () => this.#forget(worker))
      this.#tell(worker)
    }
    cluster.on('fork', this.#tell)
  }

  /**
   * Resolves when those that were there at first have ended, at `deadline` at the latest, when those left are killed. Returns them and
   * those that ended otherwise than well.
   */
  async ended(deadline: number): Promise<readonly string[]> {
    if (this.#open.size > 0)
      await within(leftUntil(deadline), () => new Promise<void>((done) => (this.#whenEnded = done)))
    loadCluster().off('fork', this.#tell)
    for (const timer of this.#unanswered.values()) clearTimeout(timer)
    for (const worker of this.#open) {
      if (worker.isDead()) continue
      this.#cut.push(nameOf(worker))
      if (!this.#appEnds) worker.process.kill('SIGKILL')
    }
    return this.#cut
  }

  readonly #tell = (worker: Worker): void => {
    // By this, applications tell whether to fork another in its place.
    worker.exitedAfterDisconnect = true
    worker.on('message', (message: unknown) => {
      if (!isLifecycleMessage(message) || message.kind !== 'draining') return
      clearTimeout(this.#unanswered.get(worker))
      this.#unanswered.delete(worker)
    })
    if (!this.#appEnds) {
      const timer = setTimeout(() => worker.process.kill(this.#signal), answerMs)
      this.#unanswered.set(worker, timer)
    }
    const message: LifecycleMessage = { telltale: 'lifecycle', kind: 'drain', signal: this.#signal }
    if (worker.isConnected()) worker.process.send(message, undefined, undefined, () => undefined)
  }

  #exited(worker: Worker, code: number | null, signal: string | null): void {
    const isWell = signal === null ? code === 0 : signal === this.#signal || signal === this.#reason
    if (!isWell) this.#cut.push(`${nameOf(worker)}: ${signal ?? `exit code ${code}`}`)
    this.#forget(worker)
  }

  /** What it told at its end, its metrics for instance, may still be on the way after its exit. */
  #forget(worker: Worker): void {
    if (!worker.isDead() || worker.isConnected()) return
    this.#open.delete(worker)
    if (this.#open.size === 0) this.#whenEnded?.()
  }
}

const nameOf = (worker: Worker): string => `worker ${worker.id} (pid ${worker.process.pid})`
