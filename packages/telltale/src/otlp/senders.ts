import type { PartialSuccess, Serializer, Serializers } from './peer.js'
import { sdkVersion } from './sdk-version.js'
import { Sender } from './sender.js'
import type { Target } from './settings.js'
import { tlsOf } from './tls.js'
import { Transport } from './transport.js'

/** What sends one signal, and reads the answers by its serializer. */
export function senderFor(target: Target, by: (protocol: Target['protocol']) => Serializers): Sender {
  const transport = new Transport(target, tlsOf(target), `telltale/${sdkVersion}`)
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
