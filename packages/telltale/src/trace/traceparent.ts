/** W3C Trace Context level 1, https://www.w3.org/TR/trace-context/ sections 3.2 and 4. */
export interface TraceParent {
  readonly traceId: string
  readonly parentId: string
  /** Bit 0: sampled. Unknown bits are not passed on (section 3.2.2.5). */
  readonly sampled: boolean
}

// Several headers arrive as one with commas, and none of them counts: nothing behind the flags may hold a comma.
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/
const maxLength = 512
const zeroTrace = '0'.repeat(32)
const zeroSpan = '0'.repeat(16)

/** The caller's trace, or undefined where the header is absent or invalid: then a new trace starts. */
export function parseTraceparent(header: unknown): TraceParent | undefined {
  if (typeof header !== 'string' || header.length < 55 || header.length > maxLength) return undefined
  const match = shape.exec(header)
  if (match === null) return undefined
  const [, version, traceId, parentId, flags, rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (traceId === zeroTrace || parentId === zeroSpan) return undefined
  return { traceId: traceId!, parentId: parentId!, sampled: (parseInt(flags!, 16) & 1) === 1 }
}

/** Always version 00: a later one is read as far as this one goes (section 3.2.4). */
export function formatTraceparent(traceId: string, spanId: string, sampled: boolean): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
