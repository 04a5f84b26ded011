import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { Lane } from './lane.js'
import type { Serializer } from './peer.js'
import type { Queue } from './queue.js'
import { type Sender, signalOf } from './sender.js'
import { serialize } from './serialize.js'
import type { Batching, Target } from './settings.js'

/** Sends what a queue holds, each item as the record that it is for OpenTelemetry. */
export function batches<Item, Record>(
  queue: Queue<Item>,
  target: Target & Batching,
  record: (item: Item) => Record,
  serializer: Serializer<readonly Record[]>,
  sender: Sender,
): Lane<Item> {
  return new Lane(queue, target, async (batch) => {
    const { length } = batch.items
    try {
      await sender.send(await serialize(batch, record, serializer, target.protocol), length)
    } catch (problem) {
      unserialized(target, length, problem)
    }
  })
}

/** What a serializer can't take is lost, counted and said. */
export function unserialized({ signal }: Target, count: number, problem: unknown): void {
  dropped(signalOf[signal], 'unserializable', count)
  reportOnce(
    `otlp-serialize ${signal}`,
    `${signal} could not be serialized and are not sent: ${show(problem)}`,
  )
}
