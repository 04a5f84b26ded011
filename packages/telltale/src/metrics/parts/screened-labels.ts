import { policy } from '../../redact/policy.js'
import { screenedPairs } from '../label-value.js'

/**
 * Labels that another thread or process told, by the redaction policy of this one: screened when they are first read, and
 * again when the policy has changed.
 */
export class ScreenedLabels {
  readonly #isCode: boolean
  #policy = policy.current
  #screened: (string | undefined)[] = []

  /** The labels of what is observed come from code, and are left as they are. */
  constructor({ observed = false }: { readonly observed?: boolean }) {
    this.#isCode = observed
  }

  of(slot: number, told: string): string {
    if (this.#isCode) return told
    if (this.#policy !== policy.current) {
      this.#policy = policy.current
      this.#screened = []
    }
    return (this.#screened[slot] ??= screenedPairs(told))
  }

  /** Another series stands at the slot from here on. */
  forget(slot: number): void {
    this.#screened[slot] = undefined
  }
}
