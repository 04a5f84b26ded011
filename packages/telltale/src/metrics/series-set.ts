import type { Definition, Label } from './definition.js'
import { labelValues, pair, printed, screened } from './label-value.js'
import { limits } from './limits.js'
import { given, refuse } from './refusal.js'
import type { Store } from './store.js'

/** Every label's value on the one series that takes what is beyond the limit. */
export const overflowValue = '_overflow'

const maxZeroStart = 64

/** In place of a series where labels are refused. */
export const none = -1

/**
 * Which series of a store has which labels, through one Map per label in the order of the definition: no joined key, so
 * no two label sets can meet, and nothing is kept of the caller's object. Keys are the screened texts, so a secret given
 * as a label value is never held; such a value is screened again at each call (about a microsecond).
 */
export class SeriesSet {
  readonly #definition: Definition
  readonly #names: readonly string[]
  readonly #store: Store
  readonly #initial: number
  readonly #root = new Map<string, unknown>()
  readonly #zeroStart: boolean
  #overflow = none

  /** `initial` is what the numbers of a new series are; where it is 0, series stand there before they are first used. */
  constructor(definition: Definition, store: Store, initial: number) {
    const { labels } = definition
    this.#definition = definition
    this.#names = labels.map((label) => label.name)
    this.#store = store
    this.#initial = initial
    this.#zeroStart =
      initial === 0 &&
      labels.reduce((product, { values }) => product * (values?.length ?? 1), 1) <= maxZeroStart
    if (labels.length === 0) store.add('', initial)
    else if (this.#zeroStart && labels.every(enumerated)) this.#series(labels.map(firstValue))
  }

  /** The slot of these labels; `none` when they are refused, which is counted and said. Never throws. */
  find(labels: unknown): number {
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
      return depth === names.length ? (node as number) : this.#resolve(labels)
    } catch {
      return this.#refuse('reading the labels threw an error')
    }
  }

  /** Takes the series of these labels out of the store and gives its slot; `none` where there is none. Never throws. */
  remove(labels: unknown): number {
    try {
      const texts = this.#texts(labels)
      return texts === undefined ? none : this.#forget(texts)
    } catch {
      return this.#refuse('reading the labels threw an error')
    }
  }

  /** The slot of labels that were written before, as they are kept. */
  restore(texts: readonly string[]): number {
    return this.#series(texts)
  }

  /** Takes a series out by its slot. */
  drop(slot: number): void {
    this.#forget(labelValues(this.#store.labels(slot)))
  }

  /** Labels given in another order: about 100 ns more. */
  #unordered(labels: unknown): number {
    const names = this.#names
    if (Object.keys(labels as object).length !== names.length) return this.#resolve(labels)
    let node: unknown = this.#root
    for (const name of names) {
      node = (node as Map<unknown, unknown>).get(printed((labels as Record<string, unknown>)[name]))
      if (node === undefined) return this.#resolve(labels)
    }
    return node as number
  }

  #resolve(labels: unknown): number {
    const texts = this.#texts(labels)
    return texts === undefined ? none : this.#series(texts)
  }

  /** The texts under which these labels are kept; undefined when they are refused. */
  #texts(labels: unknown): string[] | undefined {
    const expected = `{ ${this.#names.join(', ')} }`
    const refused = (why: string): undefined => void this.#refuse(why)
    if (typeof labels !== 'object' || labels === null)
      return refused(`takes labels ${expected}, got ${given(labels)}`)
    const unknown = Object.keys(labels).find((name) => !this.#names.includes(name))
    if (unknown !== undefined) return refused(`has no label ${given(unknown)}; it takes ${expected}`)
    const texts: string[] = []
    for (const { name, values } of this.#definition.labels) {
      const value = (labels as Record<string, unknown>)[name]
      const text = printed(value)
      if (text === undefined)
        return refused(`label "${name}" must be text, a number or a boolean, got ${given(value)}`)
      if (values !== undefined && !values.includes(text)) {
        return refused(
          `label "${name}" takes ${values.map((v) => JSON.stringify(v)).join(', ')}, got ${given(value)}`,
        )
      }
      texts.push(screened(name, text))
    }
    return texts
  }

  #series(texts: readonly string[]): number {
    const slot = this.#get(texts)
    if (slot !== none) return slot
    if (this.#isFull() && !texts.every(isOverflow)) {
      const limit = this.#limit()
      refuse(
        this.#definition,
        'series_limit',
        `has reached ${limit} label sets; the rest go to one series of ${overflowValue}`,
      )
      return this.#overflowing()
    }
    const created = this.#insert(texts)
    if (this.#zeroStart) this.#startSiblings(texts)
    return created
  }

  #get(texts: readonly string[]): number {
    let node: unknown = this.#root
    for (const text of texts) node = (node as Map<string, unknown> | undefined)?.get(text)
    return (node as number | undefined) ?? none
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

  #insert(texts: readonly string[]): number {
    let node: Map<string, unknown> = this.#root
    for (const text of texts.slice(0, -1)) {
      let next = node.get(text) as Map<string, unknown> | undefined
      if (next === undefined) node.set(text, (next = new Map()))
      node = next
    }
    const last = texts.at(-1) as string
    const existing = node.get(last) as number | undefined
    if (existing !== undefined) return existing
    // Labels that are all _overflow as given are the overflow series: a second one would be the same to Prometheus.
    const created = texts.every(isOverflow) ? this.#overflowing() : this.#add(texts)
    node.set(last, created)
    return created
  }

  #forget(texts: readonly string[]): number {
    const slot = this.#get(texts)
    const isTheOverflow = texts.every(isOverflow)
    if (slot === none && !isTheOverflow) return none
    forget(this.#root, texts)
    const removed = isTheOverflow ? this.#overflow : slot
    if (isTheOverflow) this.#overflow = none
    if (removed !== none) this.#store.remove(removed)
    return removed
  }

  #add(texts: readonly string[]): number {
    const labels = this.#names.map((name, i) => pair(name, texts[i] as string)).join(',')
    return this.#store.add(labels, this.#initial)
  }

  #overflowing(): number {
    if (this.#overflow === none) this.#overflow = this.#add(this.#names.map(() => overflowValue))
    return this.#overflow
  }

  #isFull(): boolean {
    return this.#store.size - (this.#overflow === none ? 0 : 1) >= this.#limit()
  }

  #limit(): number {
    return this.#definition.maxSeries ?? limits.maxSeries
  }

  #refuse(why: string): typeof none {
    refuse(this.#definition, 'invalid_labels', why)
    return none
  }
}

/** Takes a path of maps away as far as nothing else is on it. */
function forget(node: Map<string, unknown>, [text, ...rest]: readonly string[]): void {
  const next = node.get(text!)
  if (rest.length > 0) {
    if (next === undefined) return
    forget(next as Map<string, unknown>, rest)
    if ((next as Map<string, unknown>).size > 0) return
  }
  node.delete(text!)
}

const isOverflow = (text: string): boolean => text === overflowValue
const enumerated = (label: Label): boolean => label.values !== undefined
const firstValue = (label: Label): string => screened(label.name, label.values?.[0] as string)
