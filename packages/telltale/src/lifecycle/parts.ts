import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'

type Cut = readonly string[] | void

/** The parts of a drain. One that fails is said and named, and the next goes on: hooks must run, and the log be flushed. */
export class Parts {
  /** What was cut, and the parts that failed. */
  readonly cut: string[] = []

  run(name: string, act: () => Cut): void {
    try {
      this.#add(act())
    } catch (problem) {
      this.#failed(name, problem)
    }
  }

  async wait(name: string, act: () => Promise<Cut>): Promise<void> {
    try {
      this.#add(await act())
    } catch (problem) {
      this.#failed(name, problem)
    }
  }

  #add(cut: Cut): void {
    if (cut !== undefined) this.cut.push(...cut)
  }

  #failed(name: string, problem: unknown): void {
    this.cut.push(`drain ${name}`)
    reportOnce(`drain-${name}`, `the drain went on without a part of it (${name}): ${show(problem)}`)
  }
}
