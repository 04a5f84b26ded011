import { BroadcastChannel, threadId } from 'node:worker_threads'
import { slot as stateSlot } from '../../state/state.js'
import type { Definition } from '../definition.js'
import { place, Store } from '../store.js'
import { channelOf, type ThreadMessage, type Told } from './message.js'

const telling = stateSlot('metric-telling', () => ({
  channel: undefined as BroadcastChannel | undefined,
  stores: 0,
}))

/** Tells the thread that started this one; posted at once, so that it arrives though this thread's loop never turns. */
export function tell(...told: Told): void {
  handOn([threadId, ...told])
}

export function handOn(message: ThreadMessage): void {
  if (telling.channel === undefined) {
    telling.channel = new BroadcastChannel(channelOf(threadId))
    ;(telling.channel as unknown as { unref(): void }).unref()
  }
  telling.channel.postMessage(message)
}

/** A worker thread's store: its numbers lie in shared memory, where the main thread reads them without asking. */
export class SharedStore extends Store {
  readonly #id = telling.stores++
  readonly #generations: Int32Array<SharedArrayBuffer>[] = []
  #isWithdrawn = false

  constructor(definition: Definition, width: number) {
    super(width, (doubles) => new Float64Array(new SharedArrayBuffer(8 * doubles)))
    tell('store', this.#id, definition, width)
  }

  /** The main thread no longer has it, nor what it held. */
  withdraw(): void {
    if (this.#isWithdrawn) return
    this.#isWithdrawn = true
    tell('withdrawn', this.#id)
  }

  override add(labels: string, initial: number): number {
    const slot = super.add(labels, initial)
    const chunk = this.chunkOf(slot)
    const number = this.chunks.indexOf(chunk)
    if (number === this.#generations.length) {
      const generations = new Int32Array(new SharedArrayBuffer((4 * chunk.values.length) / this.width))
      this.#generations.push(generations)
      this.#tell('chunk', this.#id, chunk.values as Float64Array<SharedArrayBuffer>, generations)
    }
    // Not `labels`: those may have been made well-formed.
    this.#tell('series', this.#id, slot, this.#generations[number]![place(slot)]!, this.labels(slot))
    return slot
  }

  override remove(slot: number): void {
    // First: who reads the numbers meanwhile sees that they are no longer this series'.
    Atomics.add(this.#generations[this.chunks.indexOf(this.chunkOf(slot))]!, place(slot), 1)
    super.remove(slot)
    this.#tell('gone', this.#id, slot)
  }

  #tell(...told: Told): void {
    if (!this.#isWithdrawn) tell(...told)
  }
}
