import { Slices } from '../state/slices.js'
import type { Protocol } from './options.js'
import type { Serializer } from './peer.js'
import type { Batch } from './queue.js'

const maxItems = 128
const maxWeight = 65_536

/**
 * Items as the body of one request, in pieces between which the event loop turns. Two requests one behind the other are
 * one in protobuf: repeated fields go on.
 */
export async function serialize<Item, Record>(
  { items, weights }: Batch<Item>,
  record: (item: Item) => Record,
  serializer: Serializer<readonly Record[]>,
  protocol: Protocol,
): Promise<Uint8Array> {
  const slices = new Slices()
  const pieces: Uint8Array[] = []
  let records: Record[] = []
  let weight = 0
  for (const [i, item] of items.entries()) {
    records.push(record(item))
    weight += weights[i]!
    if (records.length < maxItems && weight < maxWeight) continue
    pieces.push(serializer.serializeRequest(records)!)
    records = []
    weight = 0
    if (slices.isOver()) await slices.next()
  }
  if (records.length > 0) pieces.push(serializer.serializeRequest(records)!)
  return joined(pieces, protocol)
}

/** Requests of one signal as one. */
export function joined(pieces: readonly Uint8Array[], protocol: Protocol): Uint8Array {
  if (pieces.length === 1) return pieces[0]!
  return protocol === 'http/json' ? joinedJson(pieces) : Buffer.concat(pieces)
}

/** `{"resourceSpans":[…]}` and another: what stands in the brackets, with commas between. */
function joinedJson(pieces: readonly Uint8Array[]): Uint8Array {
  const comma = Buffer.from(',')
  const begin = pieces[0]!.indexOf(openBracket) + 1
  const parts = pieces.flatMap((piece, i) => {
    const from = i === 0 ? 0 : begin
    const to = i === pieces.length - 1 ? piece.length : piece.lastIndexOf(closeBracket)
    return i === 0 ? [piece.subarray(from, to)] : [comma, piece.subarray(from, to)]
  })
  return Buffer.concat(parts)
}

const [openBracket, closeBracket] = [...Buffer.from('[]')] as [number, number]
