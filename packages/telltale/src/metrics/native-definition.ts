import type { Native, NativeOptions } from './native-options.js'
import { shown } from './shown.js'

/** The smallest factor has schema 8, the largest schema -4. */
const schemas = { finest: 8, coarsest: -4 }

const defaults: Required<NativeOptions> = {
  factor: 1.1,
  maxBuckets: 160,
  zeroThreshold: 2 ** -128,
  maxZeroThreshold: 0,
  minResetMs: 0,
}

/** The checked options. Throws an Error that begins with `at`. */
export function nativeOf(at: string, given: unknown): Native {
  if (given !== true && (typeof given !== 'object' || given === null)) {
    throw new Error(`${at}: native must be true or an object like { factor: 1.1 }, got ${shown(given)}.`)
  }
  const options: NativeOptions = given === true ? {} : given
  for (const name of Object.keys(options)) {
    if (!(name in defaults))
      throw new Error(
        `${at}: native.${name} is not an option; there are ${Object.keys(defaults).join(', ')}.`,
      )
  }
  const { factor, maxBuckets, zeroThreshold, maxZeroThreshold, minResetMs } = { ...defaults, ...options }
  hold(at, 'factor', factor, factor > 1 && factor <= 65_536, 'a number above 1, up to 65536')
  hold(
    at,
    'maxBuckets',
    maxBuckets,
    Number.isSafeInteger(maxBuckets) && maxBuckets >= 1 && maxBuckets <= 1000,
    'a whole number from 1 to 1000',
  )
  for (const [name, value] of Object.entries({ zeroThreshold, maxZeroThreshold, minResetMs }))
    hold(at, name, value, value >= 0, 'a number of at least 0')
  return { schema: schemaOf(factor), maxBuckets, zeroThreshold, maxZeroThreshold, minResetMs }
}

/** The coarsest schema whose buckets grow by no more than the factor: 2^(2^-schema) <= factor. */
function schemaOf(factor: number): number {
  const schema = -Math.floor(Math.log2(Math.log2(factor)))
  return Math.min(schemas.finest, Math.max(schemas.coarsest, schema))
}

function hold(at: string, name: string, value: unknown, ok: boolean, accepted: string): void {
  if (ok && Number.isFinite(value)) return
  throw new Error(`${at}: native.${name} must be ${accepted}, got ${shown(value)}.`)
}
