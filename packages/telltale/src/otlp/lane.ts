import { AsyncResource } from 'node:async_hooks'
import type { Batch, Queue } from './queue.js'
import type { Batching } from './settings.js'

/**
 * Sends what a queue holds in batches, one at a time: as soon as one is full or the queue half full, and every `delayMs`
 * what there is. Its timers don't keep the process alive.
 */
export class Lane<T> {
  readonly #queue: Queue<T>
  readonly #maxBatch: number
  readonly #send: (batch: Batch<T>) => Promise<void>
  readonly #timer: NodeJS.Timeout
  // Whoever wakes it from within a request must not give it, and its connections, the request's context.
  readonly #start = AsyncResource.bind(() => this.#sendAll())
  #running: Promise<void> | undefined
  /** Partial batches are to go as well. */
  #isDue = false
  #isOver = false

  /** `send` counts what it loses, and never rejects. */
  constructor(
    queue: Queue<T>,
    { maxBatch, delayMs }: Pick<Batching, 'maxBatch' | 'delayMs'>,
    send: (batch: Batch<T>) => Promise<void>,
  ) {
    this.#queue = queue
    this.#maxBatch = maxBatch
    this.#send = send
    this.#timer = setInterval(() => void this.flush(), delayMs).unref()
    queue.wake = () => {
      if (this.#running === undefined) setImmediate(() => void this.#run()).unref()
    }
    if (this.#hasWork()) queue.wake()
  }

  /** Resolves when what waits now has been sent or dropped. */
  async flush(): Promise<void> {
    this.#isDue = true
    await this.#run()
  }

  close(): void {
    this.#isOver = true
    clearInterval(this.#timer)
    this.#queue.wake = () => undefined
  }

  #run(): Promise<void> {
    if (!this.#hasWork()) this.#isDue = false
    else this.#running ??= this.#start()
    return this.#running ?? Promise.resolve()
  }

  #hasWork(): boolean {
    const isDue = this.#isDue || this.#queue.isHalfFull
    return !this.#isOver && this.#queue.size >= (isDue ? 1 : this.#maxBatch)
  }

  async #sendAll(): Promise<void> {
    do {
      const batch = this.#queue.take(this.#maxBatch)
      // The last of those that were due; what comes meanwhile waits for its own turn.
      if (this.#queue.size === 0) this.#isDue = false
      await this.#send(batch)
      this.#queue.settle(batch)
    } while (this.#hasWork())
    this.#isDue = false
    // Not a turn later: who flushes then must not be given a run that looks at the queue no more.
    this.#running = undefined
  }
}
