/** The finest schema: 256 buckets to each power of two. Those of schema s lie on every 2^(8-s)th of its bounds. */
export const finest = 8
/** The coarsest schema: one bucket to every 16 powers of two. */
export const coarsest = -4

const perPower = 1 << finest

let table: Float64Array | undefined

/**
 * The bounds from 0.5 up to 1, without 1: 2^(i/256 - 1), each the double nearest to it. `2 ** x` is off by one bit for
 * some, and a value on a bound must fall into the bucket that every other client puts it in. 256 doubles, made at first use.
 */
export function bounds(): Float64Array {
  return (table ??= makeBounds())
}

function makeBounds(): Float64Array {
  const bits = 120n
  // 2^(1/2), 2^(1/4) … 2^(1/256), in fixed point.
  const roots: bigint[] = []
  for (let i = 0, power = 2n << bits; i < finest; i++) roots.push((power = squareRoot(power << bits)))
  return Float64Array.from({ length: perPower }, (_, i) => {
    let bound = 1n << bits
    for (const [j, root] of roots.entries()) if (i & (perPower >> (j + 1))) bound = (bound * root) >> bits
    const cut = bits - 52n
    return Number((bound + (1n << (cut - 1n))) >> cut) / 2 ** 53
  })
}

/** Newton's, from above, until it no longer falls. */
function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** Where the sign, the exponent and the mantissa's top stand: s390x is big-endian. */
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0
const exponentOfHalf = 1022

/** The key of a finite magnitude above 0 in the finest schema: bucket k holds what is above 2^((k-1)/256), up to 2^(k/256). */
export function finestKey(magnitude: number): number {
  double[0] = magnitude
  let exponent = -exponentOfHalf
  if (words[high]! >>> 20 === 0) {
    // Subnormal: its exponent is in the mantissa's leading zeros.
    double[0] = magnitude * 2 ** 54
    exponent -= 54
  }
  const word = words[high]!
  exponent += word >>> 20
  words[high] = (word & 0xfffff) | (exponentOfHalf << 20)
  const fraction = double[0]!
  const limits = table ?? bounds()
  let low = 0
  for (let end = perPower; low < end;) {
    const middle = (low + end) >>> 1
    if (limits[middle]! < fraction) low = middle + 1
    else end = middle
  }
  return low + (exponent - 1) * perPower
}

/** The key in a coarser schema of what has this key in the finest one. Buckets include their upper bound: rounded up. */
export function keyIn(schema: number, finestKey: number): number {
  const halvings = finest - schema
  return (finestKey + (1 << halvings) - 1) >> halvings
}

/** The upper bound of a bucket; the largest number for the last one, whose bound is none. */
export function boundOf(key: number, schema: number): number {
  const place = key * 2 ** (finest - schema)
  return Math.min(Number.MAX_VALUE, bounds()[place & (perPower - 1)]! * 2 * 2 ** (place >> finest))
}
