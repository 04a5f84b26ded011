import type { Settings } from './settings.js'

// Failures of more kinds at a time are a storm of another kind: the kind not seen for longest starts anew.
const maxKinds = 1000

/** A token bucket for each fingerprint: `burst` at once, then `perSecond`. */
export class Flood {
  readonly #rule: Settings['flood']
  readonly #kinds = new Map<string, { tokens: number; at: number }>()

  constructor(rule: Settings['flood']) {
    this.#rule = rule
  }

  passes(fingerprint: string, now: number): boolean {
    const rule = this.#rule
    if (rule === false) return true
    const kind = this.#kinds.get(fingerprint) ?? this.#first(fingerprint, rule.burst, now)
    kind.tokens = Math.min(rule.burst, kind.tokens + ((now - kind.at) / 1000) * rule.perSecond)
    kind.at = now
    if (kind.tokens < 1) return false
    kind.tokens--
    // The one let through last is the last to be forgotten.
    this.#kinds.delete(fingerprint)
    this.#kinds.set(fingerprint, kind)
    return true
  }

  #first(fingerprint: string, tokens: number, now: number): { tokens: number; at: number } {
    if (this.#kinds.size >= maxKinds) {
      const [oldest] = this.#kinds.keys()
      if (oldest !== undefined) this.#kinds.delete(oldest)
    }
    const kind = { tokens, at: now }
    this.#kinds.set(fingerprint, kind)
    return kind
  }
}
