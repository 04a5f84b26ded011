import { pipeline } from '../log/pipeline.js'
import { batches } from './batches.js'
import { LogRecords } from './log-record.js'
import { MetricsCycle } from './metrics-cycle.js'
import { loadPeer, type Peer } from './peer.js'
import type { Resource } from './records.js'
import { resourceOf } from './resource.js'
import { senderFor } from './senders.js'
import type { Sender } from './sender.js'
import { spanRecord } from './span-record.js'
import type { Exporter, Wanted } from './start.js'

interface Part {
  flush(): Promise<void>
  close(): void
}

/** Everything that runs while signals are sent; undefined where the serializers are missing. Loaded on use. */
export async function openExporter(wanted: Wanted): Promise<Exporter | undefined> {
  const peer = await loadPeer()
  // It has said what is missing.
  if (peer === undefined) return undefined
  const senders: Sender[] = []
  const parts = partsOf(wanted, peer, resourceOf(wanted.identity, wanted.env), senders)
  return {
    async flush() {
      for (const sender of senders) sender.hurry()
      await Promise.all(parts.map((part) => part.flush()))
    },
    close() {
      for (const part of [...parts, ...senders]) part.close()
    },
  }
}

function partsOf(
  { settings, spans, lines }: Wanted,
  peer: Peer,
  resource: Resource,
  senders: Sender[],
): Part[] {
  const { traces, logs, metrics } = settings
  const parts: Part[] = []
  if (traces !== undefined && spans !== undefined) {
    const sender = senderFor(traces, peer)
    const { traces: serializer } = peer(traces.protocol)
    senders.push(sender)
    parts.push(batches(spans, traces, (span) => spanRecord(span, resource), serializer, sender))
  }
  if (logs !== undefined && lines !== undefined) {
    const sender = senderFor(logs, peer)
    const { logs: serializer } = peer(logs.protocol)
    const records = new LogRecords(resource, pipeline.keys)
    senders.push(sender)
    parts.push(batches(lines, logs, (line) => records.record(line), serializer, sender))
  }
  if (metrics !== undefined) {
    const sender = senderFor(metrics, peer)
    senders.push(sender)
    parts.push(new MetricsCycle(metrics, resource, peer(metrics.protocol).metrics, sender))
  }
  return parts
}
