/** The exponential buckets of a native histogram; the names' sense is client_golang's (HistogramOpts). */
export interface NativeOptions {
  /** How much wider each bucket may be than the one before, at most: above 1; the schema with the nearest smaller growth is taken. Default 1.1. */
  readonly factor?: number
  /** Buckets of a series at most, 1 to 1,000; 16 bytes each. Beyond, the zero bucket widens or the resolution is halved. Default 160. */
  readonly maxBuckets?: number
  /** Values up to this, either side of zero, are in the zero bucket. Default 2^-128. */
  readonly zeroThreshold?: number
  /** How far the zero bucket may widen before the resolution is halved. Default 0: it does not. */
  readonly maxZeroThreshold?: number
  /** Where the buckets are full and so many milliseconds have passed since the last reset, they begin anew. Default 0: never. */
  readonly minResetMs?: number
}

/** The options as they are kept in a definition. */
export interface Native {
  readonly schema: number
  readonly maxBuckets: number
  readonly zeroThreshold: number
  readonly maxZeroThreshold: number
  readonly minResetMs: number
}
