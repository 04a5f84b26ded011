import { setImmediate as nextTurn } from 'node:timers/promises'

// Between two turns of the event loop; a collection of garbage may come on top.
const sliceMs = 3

/** Long work in slices of 3 ms, between which the event loop turns: `if (slices.isOver()) await slices.next()`. */
export class Slices {
  #begun = performance.now()

  isOver(): boolean {
    return performance.now() - this.#begun >= sliceMs
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#begun = performance.now()
  }
}
