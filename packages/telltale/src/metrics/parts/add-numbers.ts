import type { Definition } from '../definition.js'
import { mergeNative, readNative, writeNative } from '../native.js'
import { plainWidth } from './series.js'

/** Puts a series' numbers to those that begin at `at`: counters, histograms and summaries added, gauges by the definition's rule. */
export function addNumbers(
  definition: Definition,
  values: Float64Array,
  at: number,
  numbers: Float64Array,
): void {
  const { type, merge, native } = definition
  const put = rules[type === 'gauge' ? (merge ?? 'sum') : 'sum']
  const plain = plainWidth(definition, numbers.length)
  for (let i = 0; i < plain; i++) {
    const value = numbers[i]!
    // A gauge that was not set says nothing.
    if (Number.isNaN(value)) continue
    const before = values[at + i]!
    values[at + i] = Number.isNaN(before) ? value : put(before, value)
  }
  if (native === undefined) return
  const both = mergeNative(readNative(values, at + plain, native), readNative(numbers, plain, native))
  writeNative(values, at + plain, native, both)
}

const rules = {
  sum: (before: number, value: number): number => before + value,
  min: Math.min,
  max: Math.max,
} as const
