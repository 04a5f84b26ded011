import { userAgent } from '../exit/sdk-version.js'
import { Transport } from '../exit/transport.js'
import type { PartialSuccess, Serializer, Serializers } from './peer.js'
import { Sender } from './sender.js'
import type { Target } from './settings.js'
import { tlsOf } from './tls.js'

/** What sends one signal, and reads the answers by its serializer. */
export function senderFor(target: Target, by: (protocol: Target['protocol']) => Serializers): Sender {
  const contentType = target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
  const headers = { 'user-agent': userAgent, ...target.headers, 'content-type': contentType }
  const transport = new Transport(target.url, headers, { ...tlsOf(target), maxSockets: 2, maxFreeSockets: 1 })
  return new Sender(target, transport, (body, contentType) => {
    const protocol = contentType.includes('json') ? 'http/json' : 'http/protobuf'
    // Each signal's serializer takes other records; their answers are alike.
    const serializer = by(protocol)[target.signal] as Pick<Serializer<never>, 'deserializeResponse'>
    const { partialSuccess } = serializer.deserializeResponse(body)
    return { count: rejected(partialSuccess ?? {}), message: partialSuccess?.errorMessage ?? '' }
  })
}

// JSON has 64-bit numbers as text.
function rejected({ rejectedSpans, rejectedLogRecords, rejectedDataPoints }: PartialSuccess): number {
  const count = Number(rejectedSpans ?? rejectedLogRecords ?? rejectedDataPoints ?? 0)
  return count > 0 ? count : 0
}
