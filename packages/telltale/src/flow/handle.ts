import type { Carrier } from './carrier.js'
import type { FlowRun } from './run.js'
import type { StepOptions } from './step.js'

/** The handle given to a flow's function. `Step` is the union of declared step names. */
export interface Flow<Step extends string = string> {
  /** The name and 12 hex digits, as every signal inside the flow carries it. */
  readonly id: string
  readonly name: string
  /**
   * Runs one step: its own span, its duration, an event at its end. Resolves to what `fn` returns; rejects with what the
   * last attempt threw. Steps may run in parallel.
   */
  step<T>(name: Step, fn: () => T | Promise<T>, options?: StepOptions): Promise<T>
  /** Says that a step is not needed, and why: it counts as passed. */
  skip(name: Step, reason?: string): void
  /** Adds fields to the flow's later signals, its end and its span. */
  set(fields: object): void
  /**
   * Ends this process's part of the flow when its function returns: `<name>_flow_handed_off`. What it gives goes to the
   * process that goes on, which calls `flow.resume` with it.
   */
  handOff(): Carrier
}

/** Bound functions, so that they may be taken out of the handle. */
export class FlowHandle implements Flow {
  readonly id: string
  readonly name: string
  readonly #run: FlowRun

  constructor(name: string, run: FlowRun) {
    this.id = run.id
    this.name = name
    this.#run = run
    run.handle = this
  }

  readonly step = <T>(name: string, fn: () => T | Promise<T>, options?: StepOptions | null): Promise<T> =>
    this.#run.step(name, fn, options ?? {})
  readonly skip = (name: string, reason?: string): void => this.#run.skip(name, reason)
  readonly set = (fields: object): void => this.#run.set(fields)
  readonly handOff = (): Carrier => this.#run.handOff()
}
