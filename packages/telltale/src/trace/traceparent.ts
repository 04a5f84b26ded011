/** W3C Trace Context, https://www.w3.org/TR/trace-context/ sections 3.2 and 4. */
export interface TraceParent {
  readonly traceId: string
  readonly parentId: string
  /** Bit 0: sampled. Unknown bits are not passed on (section 3.2.2.5). */
  readonly sampled: boolean
}

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const zeroTrace = '0'.repeat(32)
const zeroSpan = '0'.repeat(16)

/** The caller's trace, or undefined where the header is absent or invalid: then a new trace starts. */
export function parseTraceparent(header: unknown): TraceParent | undefined {
  if (typeof header !== 'string' || header.length < 55 || header.length > 512) return undefined
  const match = shape.exec(header)
  if (match === null) return undefined
  const [, version, traceId, parentId, flags, rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (traceId === zeroTrace || parentId === zeroSpan) return undefined
  return { traceId: traceId!, parentId: parentId!, sampled: (parseInt(flags!, 16) & 1) === 1 }
}

export function formatTraceparent(traceId: string, spanId: string, sampled: boolean): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

const member =
  /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/** The caller's vendor state as it may be forwarded: whole when valid, else dropped (sections 3.3.1.1 to 3.3.1.5). */
export function parseTracestate(header: unknown): string | undefined {
  if (typeof header !== 'string' || header.length === 0 || header.length > 512) return undefined
  const members = header.split(',').map((text) => text.trim())
  const filled = members.filter((text) => text !== '')
  if (filled.length === 0 || filled.length > 32) return undefined
  return filled.every((text) => member.test(text)) ? filled.join(',') : undefined
}
