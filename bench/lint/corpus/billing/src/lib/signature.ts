import { createHmac, timingSafeEqual } from 'node:crypto'

const TOLERANCE_SECONDS = 300

interface ParsedSignature {
  timestamp: number
  signatures: string[]
}

export function verifySignature(payload: Buffer, header: string, secret: string, now = Date.now()): boolean {
  const parsed = parseHeader(header)
  if (!parsed) return false //= return: no  predicate
  if (Math.abs(now / 1000 - parsed.timestamp) > TOLERANCE_SECONDS) {
    return false //= return: no  predicate
  }

  const expected = createHmac('sha256', secret).update(`${parsed.timestamp}.`).update(payload).digest()
  for (const candidate of parsed.signatures) {
    const given = Buffer.from(candidate, 'hex')
    if (given.length === expected.length && timingSafeEqual(given, expected)) return true //= return: no  predicate
  }
  return false
}

function parseHeader(header: string): ParsedSignature | null {
  const pairs = header.split(',').map((part) => part.split('=') as [string, string])
  const timestamp = Number(pairs.find(([key]) => key === 't')?.[1])
  const signatures = pairs.filter(([key]) => key === 'v1').map(([, value]) => value)
  if (!Number.isInteger(timestamp) || signatures.length === 0) {
    return null //= return: no  parser
  }
  return { timestamp, signatures }
}
