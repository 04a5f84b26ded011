import type { ReadRefusal } from './sender.js'

/** What a collector answered. */
export interface Reply {
  readonly status: number
  /** Milliseconds that it asks to wait. */
  readonly retryAfterMs: number | undefined
  /** Undefined where it was too long to read. */
  readonly body: Buffer | undefined
  readonly contentType: string
}

/** What a collector did not take of a request that it took. */
export interface Refusal {
  readonly count: number
  readonly message: string
}

export type Outcome =
  | { readonly kind: 'taken'; readonly refusal: Refusal }
  /** Again it would be the same. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs: number | undefined }

// OTLP/HTTP, section "Retryable response codes".
const retryable = new Set([429, 502, 503, 504])
const nothing: Refusal = { count: 0, message: '' }

/** What an answer means, by the OTLP specification. */
export function outcomeOf(reply: Reply, read: ReadRefusal): Outcome {
  const { status, body, retryAfterMs, contentType } = reply
  if (status >= 200 && status < 300) {
    return {
      kind: 'taken',
      refusal: body === undefined || body.length === 0 ? nothing : taken(body, contentType, read),
    }
  }
  const why = `status ${status}${messageOf(reply)}`
  return retryable.has(status) ? { kind: 'failed', why, retryAfterMs } : { kind: 'refused', why }
}

function taken(body: Buffer, contentType: string, read: ReadRefusal): Refusal {
  try {
    return read(body, contentType)
  } catch {
    // It took all, as its status says; what else it says can't be read.
    return nothing
  }
}

function messageOf({ body, contentType }: Reply): string {
  if (body === undefined || body.length === 0) return ''
  const text = contentType.includes('protobuf') ? statusMessage(body) : plainMessage(body)
  return text === '' ? '' : `, ${text}`
}

function plainMessage(body: Buffer): string {
  const text = body.toString('utf8')
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}

/** The `message` of a google.rpc.Status: field 2, a string, behind field 1, a number. */
function statusMessage(body: Buffer): string {
  let at = 0
  if (body[at] === 0x08) {
    at++
    while ((body[at++] ?? 0) >= 0x80);
  }
  if (body[at++] !== 0x12) return ''
  let length = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = body[at++] ?? 0
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return body.toString('utf8', at, at + length)
}
