import type { Native } from './native-options.js'

/** Numbers that the native part of a series takes. */
export function nativeWidth({ maxBuckets }: Native): number {
  return 8 + 2 * maxBuckets
}

/** Makes the native part that begins at `at` empty. */
export function resetNative(values: Float64Array, at: number, native: Native): void {
  values.fill(0, at, at + nativeWidth(native))
}

/** Takes one value into the native part that begins at `at`. */
export function observeNative(_values: Float64Array, _at: number, _native: Native, _value: number): void {}
