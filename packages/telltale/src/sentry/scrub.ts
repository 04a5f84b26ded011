import { wellFormed } from '../metrics/label-value.js'
import { screenAndCut } from '../redact/cut.js'
import { listName, pairName } from '../redact/pair.js'
import { policy } from '../redact/policy.js'
import { redact } from '../redact/redact.js'

// Deeper than what the protocol itself nests: event, exception, values, one, stacktrace, frames, one, its lines.
const maxDepth = 16
// A profile has some thousands of frames and samples.
const maxNodes = 200_000

/** A redacted copy of what the protocol sends: plain data, deeper than `redact()` goes. Never throws. */
export function scrubbed(value: unknown): unknown {
  return new Scrub().any(value, undefined, 0)
}

class Scrub {
  #left = maxNodes

  any(value: unknown, key: string | undefined, depth: number): unknown {
    const rule = policy.current
    if (typeof value === 'string') return sound(screenAndCut(rule, value, key))
    if (typeof value === 'number') return rule.number(value, key) ? rule.censor : value
    if (typeof value === 'bigint') return rule.number(value, key) ? rule.censor : String(value)
    if (typeof value !== 'object' || value === null) return redact(value)
    if (depth > maxDepth || --this.#left < 0) return '…'
    try {
      if (Array.isArray(value))
        return value.map((each, index) => this.#under(listName(value, index), each, depth))
      const proto: unknown = Object.getPrototypeOf(value)
      return proto === Object.prototype || proto === null ? this.#object(value, depth) : redact(value)
    } catch {
      // A getter that throws, a revoked proxy: it fails closed.
      return rule.censor
    }
  }

  #object(value: object, depth: number): Record<string, unknown> {
    const pair = pairName(value)
    const copied = Object.entries(value).map(([name, each]) => [
      sound(screenAndCut(policy.current, name)),
      this.#under(/^[Vv]alue$/.test(name) ? (pair ?? name) : name, each, depth),
    ])
    return Object.fromEntries(copied) as Record<string, unknown>
  }

  #under(key: string | undefined, value: unknown, depth: number): unknown {
    const rule = policy.current
    if (key === undefined || !rule.key(key, value)) return this.any(value, key, depth + 1)
    // As attributes of spans and logs are written: the value goes, its type stays true.
    return isAttribute(value) ? { type: 'string', value: rule.censor } : rule.censor
  }
}

/** Half of a surrogate pair, in whatever text, would cost the whole envelope: the server reads UTF-8 alone. */
function sound(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? wellFormed(text) : text
}

function isAttribute(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { type?: unknown }).type === 'string' &&
    'value' in value
  )
}
