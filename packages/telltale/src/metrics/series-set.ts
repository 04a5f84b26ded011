import type { Bound } from './bound.js'
import { Branch } from './branch.js'
import type { Definition, Label } from './definition.js'
import { labelValues, overflowValue, pair, printed, screened, screenedPairs } from './label-value.js'
import { limits } from './limits.js'
import { given, refuse } from './refusal.js'
import type { Store } from './store.js'

const maxZeroStart = 64

/**
 * Which series has which labels, through a branch per label in the order of the definition: no joined key, so no two
 * label sets can meet, and nothing is kept of the caller's object. Keys are the screened texts, so a secret given as a
 * label value is never held; such a value is screened again at each call (about a microsecond).
 */
export class SeriesSet<B extends Bound> {
  readonly #definition: Definition
  readonly #names: readonly string[]
  readonly #store: Store
  readonly #initial: number
  readonly #make: (slot: number) => B
  /** By the text of the first label: the branch of the next; for the last label, the series. */
  readonly #root = new Branch<unknown>()
  readonly #zeroStart: boolean
  #overflow: B | undefined

  /**
   * `initial` is what the numbers of a new series are; where it is 0, series stand there before they are first used.
   * `make` binds the series at a slot of the store.
   */
  constructor(definition: Definition, store: Store, initial: number, make: (slot: number) => B) {
    const { labels } = definition
    this.#definition = definition
    this.#names = labels.map((label) => label.name)
    this.#store = store
    this.#initial = initial
    this.#make = make
    this.#zeroStart =
      initial === 0 &&
      labels.reduce((product, { values }) => product * (values?.length ?? 1), 1) <= maxZeroStart
    if (this.#zeroStart && labels.length > 0 && labels.every(enumerated)) this.#create(labels.map(firstValue))
  }

  /** The series of these labels where one is kept under the very texts; `add` knows the rest. Never throws. */
  find(labels: unknown): B | undefined {
    try {
      const names = this.#names
      let node: unknown = this.#root
      let depth = 0
      // V8 answers for-in from an object's enum cache, and unknown labels are seen in the same pass.
      for (const name in labels as Record<string, unknown>) {
        if (name !== names[depth]) return this.#unordered(labels)
        const value = (labels as Record<string, unknown>)[name]
        const text = typeof value === 'string' ? value : printed(value)
        if (text === undefined) return undefined
        node = (node as Branch<unknown>).get(text)
        if (node === undefined) return undefined
        depth++
      }
      return depth === names.length ? (node as B) : undefined
    } catch {
      return undefined
    }
  }

  /**
   * The series of these labels, made where there is none and `isTaken` agrees; undefined when they are refused, which is
   * counted and said. Never throws.
   */
  add(labels: unknown, isTaken: () => boolean): B | undefined {
    try {
      const texts = this.#texts(labels)
      if (texts === undefined) return undefined
      return this.#get(texts) ?? (isTaken() ? this.#create(texts) : undefined)
    } catch {
      return this.#refuse('reading the labels threw an error')
    }
  }

  /** The series of these labels, which is no longer found from here on; undefined where there is none. Never throws. */
  remove(labels: unknown): B | undefined {
    try {
      const texts = this.#texts(labels)
      return texts && this.#forget(texts)
    } catch {
      return this.#refuse('reading the labels threw an error')
    }
  }

  /** The series of labels that were written before, as the redaction policy has them now. */
  restore(pairs: string): B {
    const texts = labelValues(screenedPairs(pairs))
    return this.#get(texts) ?? this.#create(texts)
  }

  /** The series at a slot. */
  at(slot: number): B | undefined {
    const texts = labelValues(this.#store.labels(slot))
    return texts.every(isOverflow) ? this.#overflow : this.#get(texts)
  }

  /** The series of all that is beyond the limit. */
  get overflow(): B | undefined {
    return this.#overflow
  }

  /** As `remove`, by its slot. */
  drop(slot: number): B | undefined {
    return this.#forget(labelValues(this.#store.labels(slot)))
  }

  /** Labels given in another order: about 100 ns more. */
  #unordered(labels: unknown): B | undefined {
    const names = this.#names
    if (Object.keys(labels as object).length !== names.length) return undefined
    let node: unknown = this.#root
    for (const name of names) {
      const text = printed((labels as Record<string, unknown>)[name])
      if (text === undefined) return undefined
      node = (node as Branch<unknown>).get(text)
      if (node === undefined) return undefined
    }
    return node as B
  }

  /** The texts under which these labels are kept; undefined when they are refused. */
  #texts(labels: unknown): string[] | undefined {
    const expected = `{ ${this.#names.join(', ')} }`
    const refused = (why: string): undefined => this.#refuse(why)
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

  #create(texts: readonly string[]): B {
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

  #get(texts: readonly string[]): B | undefined {
    let node: unknown = this.#root
    for (const text of texts) node = (node as Branch<unknown> | undefined)?.get(text)
    return node as B | undefined
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

  #insert(texts: readonly string[]): B {
    let node = this.#root
    for (const text of texts.slice(0, -1)) {
      let next = node.get(text) as Branch<unknown> | undefined
      if (next === undefined) node.add(text, (next = new Branch()))
      node = next
    }
    const last = texts.at(-1) as string
    const there = node.get(last) as B | undefined
    if (there !== undefined) return there
    // Labels that are all _overflow as given are the overflow series: a second one would be the same to Prometheus.
    const created = texts.every(isOverflow) ? this.#overflowing() : this.#add(texts)
    node.add(last, created)
    return created
  }

  #forget(texts: readonly string[]): B | undefined {
    const there = this.#get(texts)
    if (there !== undefined) forget(this.#root, texts)
    if (!texts.every(isOverflow)) return there
    const overflow = this.#overflow
    this.#overflow = undefined
    return overflow
  }

  #add(texts: readonly string[]): B {
    const labels = this.#names.map((name, i) => pair(name, texts[i] as string)).join(',')
    return this.#make(this.#store.add(labels, this.#initial))
  }

  #overflowing(): B {
    return (this.#overflow ??= this.#add(this.#names.map(() => overflowValue)))
  }

  #isFull(): boolean {
    return this.#store.size - (this.#overflow === undefined ? 0 : 1) >= this.#limit()
  }

  #limit(): number {
    return this.#definition.maxSeries ?? limits.maxSeries
  }

  #refuse(why: string): undefined {
    refuse(this.#definition, 'invalid_labels', why)
  }
}

/** Takes a path away as far as nothing else is on it. */
function forget(node: Branch<unknown>, [text, ...rest]: readonly string[]): void {
  if (rest.length > 0) {
    const next = node.get(text!) as Branch<unknown>
    forget(next, rest)
    if (next.size > 0) return
  }
  node.delete(text!)
}

const isOverflow = (text: string): boolean => text === overflowValue
const enumerated = (label: Label): boolean => label.values !== undefined
const firstValue = (label: Label): string => screened(label.name, label.values?.[0] as string)
