import { type DrainHook, tellDrainHooks } from './hooks.js'
import { sayHookFailed } from './run-hooks.js'
import { within } from './within.js'

/** Background work that has been told of the drain, and what it still does. */
export class Background {
  readonly #open = new Map<DrainHook, AbortController>()
  readonly #cut: string[] = []
  #whenSettled: (() => void) | undefined

  /** Tells all there is, and what is registered meanwhile. Never throws. */
  begin(): void {
    tellDrainHooks((hook) => {
      // One each: listeners of one signal for all would be a warning from the eleventh on.
      const controller = new AbortController()
      this.#open.set(hook, controller)
      void this.#run(hook, controller.signal)
    })
  }

  /** Resolves when all of it has settled, or after `ms`. */
  async settled(ms: number): Promise<void> {
    if (this.#open.size > 0) await within(ms, () => new Promise<void>((done) => (this.#whenSettled = done)))
  }

  /** The time is over; returns what failed or was not done. */
  end(): readonly string[] {
    tellDrainHooks(undefined)
    const late = [...this.#open]
    this.#open.clear()
    for (const [{ name }, controller] of late) {
      this.#cut.push(`hook ${name}`)
      controller.abort(new Error('the time for the drain is over (lifecycle.drainTimeoutMs)'))
    }
    return this.#cut
  }

  async #run(hook: DrainHook, signal: AbortSignal): Promise<void> {
    try {
      await hook.run({ signal })
    } catch (error) {
      // Once it is cut, its end is no news.
      if (this.#open.has(hook)) {
        this.#cut.push(`hook ${hook.name}`)
        sayHookFailed(hook.name, error)
      }
    }
    this.#open.delete(hook)
    if (this.#open.size === 0) this.#whenSettled?.()
  }
}
