import { pair, screened } from '../metrics/label-value.js'
import { policy } from '../redact/policy.js'

const legalName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const maxKept = 10_000

/** Label sets of another registry as they are written; what was screened is kept, 10,000 values at most. */
export class Pairs {
  #kept = new Map<string, Map<string, string>>()
  #size = 0
  #policy = policy.current

  /** The pairs by name, without the label `but`; undefined where a name or value can't be written. */
  of(labels: Readonly<Record<string, unknown>>, but?: string): string | undefined {
    const names = Object.keys(labels)
    if (names.length > 1) names.sort()
    let text = ''
    for (const name of names) {
      if (name === but) continue
      const value = labels[name]
      const isText = value === null || !['object', 'function', 'symbol'].includes(typeof value)
      if (!isText || !legalName.test(name)) return undefined
      text += `${text === '' ? '' : ','}${this.#pair(name, String(value))}`
    }
    return text
  }

  #pair(name: string, value: string): string {
    if (this.#policy !== policy.current || this.#size >= maxKept) this.#forget()
    let values = this.#kept.get(name)
    if (values === undefined) this.#kept.set(name, (values = new Map<string, string>()))
    let text = values.get(value)
    if (text !== undefined) return text
    text = pair(name, screened(name, value))
    // A long value would be kept whole as the key of its cut.
    if (value.length > 256) return text
    values.set(value, text)
    this.#size++
    return text
  }

  #forget(): void {
    this.#kept = new Map()
    this.#size = 0
    this.#policy = policy.current
  }
}
