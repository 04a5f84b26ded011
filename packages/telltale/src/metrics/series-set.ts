import type { Definition, Label } from './definition.js'
import { pair, printed, screened } from './label-value.js'
import { limits } from './limits.js'
import { given, refuse } from './refusal.js'

/** Every label's value on the one series that takes what is beyond the limit. */
export const overflowValue = '_overflow'

const maxZeroStart = 64

/**
 * The series of one metric, found through one Map per label in the order of the definition: no joined key, so no two
 * label sets can meet, and nothing is kept of the caller's object. Keys are the screened texts, so a secret given as
 * a label value is never held; such a value is screened again at each call (about a microsecond).
 */
export class SeriesSet<S> {
  /** In order of creation, so that two scrapes agree. */
  readonly all: S[] = []
  readonly #definition: Definition
  readonly #names: readonly string[]
  readonly #make: (text: string) => S
  readonly #root = new Map<string, unknown>()
  readonly #zeroStart: boolean
  #overflow: S | undefined

  /** `zeroStart`: a series stands at zero before it is first used, as far as its values are known. */
  constructor(definition: Definition, zeroStart: boolean, make: (text: string) => S) {
    const { labels } = definition
    this.#definition = definition
    this.#names = labels.map((label) => label.name)
    this.#make = make
    this.#zeroStart =
      zeroStart && labels.reduce((product, { values }) => product * (values?.length ?? 1), 1) <= maxZeroStart
    if (labels.length === 0) this.all.push(make(''))
    else if (this.#zeroStart && labels.every(enumerated)) this.#series(labels.map(firstValue))
  }

  /** The series of these labels; undefined when they are refused, which is counted and said. Never throws. */
  find(labels: unknown): S | undefined {
    try {
      const names = this.#names
      let node: unknown = this.#root
      let depth = 0
      // V8 answers for-in from an object's enum cache, and unknown labels are seen in the same pass.
      for (const name in labels as Record<string, unknown>) {
        if (name !== names[depth]) return this.#unordered(labels)
        const value = (labels as Record<string, unknown>)[name]
        node = (node as Map<unknown, unknown>).get(typeof value === 'string' ? value : printed(value))
        if (node === undefined) return this.#resolve(labels)
        depth++
      }
      return depth === names.length ? (node as S) : this.#resolve(labels)
    } catch {
      return this.#refuse('reading the labels threw an error')
    }
  }

  /** Labels given in another order: about 100 ns more. */
  #unordered(labels: unknown): S | undefined {
    const names = this.#names
    if (Object.keys(labels as object).length !== names.length) return this.#resolve(labels)
    let node: unknown = this.#root
    for (const name of names) {
      node = (node as Map<unknown, unknown>).get(printed((labels as Record<string, unknown>)[name]))
      if (node === undefined) return this.#resolve(labels)
    }
    return node as S
  }

  #resolve(labels: unknown): S | undefined {
    const expected = `{ ${this.#names.join(', ')} }`
    if (typeof labels !== 'object' || labels === null)
      return this.#refuse(`takes labels ${expected}, got ${given(labels)}`)
    const unknown = Object.keys(labels).find((name) => !this.#names.includes(name))
    if (unknown !== undefined) return this.#refuse(`has no label ${given(unknown)}; it takes ${expected}`)
    const texts: string[] = []
    for (const { name, values } of this.#definition.labels) {
      const value = (labels as Record<string, unknown>)[name]
      const text = printed(value)
      if (text === undefined)
        return this.#refuse(`label "${name}" must be text, a number or a boolean, got ${given(value)}`)
      if (values !== undefined && !values.includes(text)) {
        return this.#refuse(
          `label "${name}" takes ${values.map((v) => JSON.stringify(v)).join(', ')}, got ${given(value)}`,
        )
      }
      texts.push(screened(name, text))
    }
    return this.#series(texts)
  }

  #series(texts: readonly string[]): S {
    let node: unknown = this.#root
    for (const text of texts) node = (node as Map<string, unknown> | undefined)?.get(text)
    if (node !== undefined) return node as S
    if (this.#isFull() && !texts.every(isOverflow)) {
      const limit = this.#limit()
      refuse(
        this.#definition,
        'series_limit',
        `has reached ${limit} label sets; the rest go to one series of ${overflowValue}`,
      )
      return this.#overflowing(texts)
    }
    const series = this.#insert(texts)
    if (this.#zeroStart) this.#startSiblings(texts)
    return series
  }

  #startSiblings(texts: readonly string[]): void {
    const { labels } = this.#definition
    const alternatives = labels.map(
      ({ name, values }, i) => values?.map((v) => screened(name, v)) ?? [texts[i] as string],
    )
    const combinations = alternatives.reduce<string[][]>(
      (sets, values) => sets.flatMap((set) => values.map((v) => [...set, v])),
      [[]],
    )
    for (const combination of combinations) {
      if (this.#isFull()) return
      this.#insert(combination)
    }
  }

  #insert(texts: readonly string[]): S {
    let node: Map<string, unknown> = this.#root
    for (const text of texts.slice(0, -1)) {
      let next = node.get(text) as Map<string, unknown> | undefined
      if (next === undefined) node.set(text, (next = new Map()))
      node = next
    }
    const last = texts.at(-1) as string
    const existing = node.get(last) as S | undefined
    if (existing !== undefined) return existing
    // Labels that are all _overflow as given are the overflow series: a second one would be the same to Prometheus.
    const created = texts.every(isOverflow) ? this.#overflowing(texts) : this.#add(texts)
    node.set(last, created)
    return created
  }

  #add(texts: readonly string[]): S {
    const series = this.#make(this.#names.map((name, i) => pair(name, texts[i] as string)).join(','))
    this.all.push(series)
    return series
  }

  #overflowing(texts: readonly string[]): S {
    return (this.#overflow ??= this.#add(texts.map(() => overflowValue)))
  }

  #isFull(): boolean {
    return this.all.length - (this.#overflow === undefined ? 0 : 1) >= this.#limit()
  }

  #limit(): number {
    return this.#definition.maxSeries ?? limits.maxSeries
  }

  #refuse(why: string): undefined {
    refuse(this.#definition, 'invalid_labels', why)
  }
}

const isOverflow = (text: string): boolean => text === overflowValue
const enumerated = (label: Label): boolean => label.values !== undefined
const firstValue = (label: Label): string => screened(label.name, label.values?.[0] as string)
