import { AsyncResource } from 'node:async_hooks'
import { tick, timeOf } from '../log/clock.js'
import { elsewhere } from '../metrics/expose/exposition.js'
import { scraped } from '../metrics/registry.js'
import { Slices } from '../state/slices.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { unserialized } from './batches.js'
import { metricRecords } from './metric-records.js'
import type { Serializer } from './peer.js'
import { hrTime, type MetricData, type Metrics, type Resource } from './records.js'
import { scope } from './resource.js'
import type { Sender } from './sender.js'
import { joined } from './serialize.js'
import type { Protocol } from './options.js'
import type { Settings } from './settings.js'

const maxPointsOfRequest = 4096

/** Sends all metrics every `intervalMs`, as a scrape would have them; its timer does not keep the process alive. */
export class MetricsCycle {
  readonly #target: NonNullable<Settings['metrics']>
  readonly #resource: Resource
  readonly #serializer: Serializer<Metrics>
  readonly #sender: Sender
  readonly #timer: NodeJS.Timeout
  // Whoever flushes from within a request must not give it, and its connections, the request's context.
  readonly #start = AsyncResource.bind(() => this.#send())
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(
    target: NonNullable<Settings['metrics']>,
    resource: Resource,
    serializer: Serializer<Metrics>,
    sender: Sender,
  ) {
    this.#target = target
    this.#resource = resource
    this.#serializer = serializer
    this.#sender = sender
    this.#timer = setInterval(() => {
      if (this.#running === undefined) void this.flush()
    }, target.intervalMs).unref()
  }

  /** Sends them as they are now, after a sending that is under way. Never rejects. */
  flush(): Promise<void> {
    // A worker of a cluster is measured by the primary, which sends for all.
    if (elsewhere.render !== undefined) return Promise.resolve()
    if (this.#running === undefined) return this.#run()
    return (this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#run()
    }))
  }

  // One that another began meanwhile has the values as they are, too.
  #run(): Promise<void> {
    return (this.#running ??= this.#start().finally(() => (this.#running = undefined)))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #send(): Promise<void> {
    const families = await this.#scraped()
    const pieces = new Pieces(this.#resource, this.#serializer, this.#target.protocol)
    try {
      const slices = new Slices()
      const startTime = hrTime(timeOf(0))
      const endTime = hrTime(tick())
      for (const family of families) {
        for (const metric of metricRecords(family, startTime, endTime)) {
          pieces.add(metric)
          if (slices.isOver()) await slices.next()
          if (pieces.count >= maxPointsOfRequest) await this.#sender.send(...pieces.take())
        }
      }
      const [body, count] = pieces.take()
      if (count > 0) await this.#sender.send(body, count)
    } catch (problem) {
      unserialized(this.#target, Math.max(pieces.count, 1), problem)
    }
  }

  async #scraped(): Promise<Awaited<ReturnType<typeof scraped>>> {
    try {
      return await scraped(undefined, this.#target.exportTimeoutMs)
    } catch (problem) {
      dropped('metric', 'scrape_failed')
      reportOnce('otlp-scrape', `the metrics could not be read, and are not sent: ${show(problem)}`)
      return []
    }
  }
}

const maxPointsOfPiece = 256

/** The body of a request, a few metrics at a time. */
class Pieces {
  count = 0
  #metrics: MetricData[] = []
  #points = 0
  #pieces: Uint8Array[] = []
  readonly #resource: Resource
  readonly #serializer: Serializer<Metrics>
  readonly #protocol: Protocol

  constructor(resource: Resource, serializer: Serializer<Metrics>, protocol: Protocol) {
    this.#resource = resource
    this.#serializer = serializer
    this.#protocol = protocol
  }

  add(metric: MetricData): void {
    this.#metrics.push(metric)
    this.#points += metric.dataPoints.length
    this.count += metric.dataPoints.length
    if (this.#points >= maxPointsOfPiece) this.#end()
  }

  take(): [body: Uint8Array, count: number] {
    if (this.#points > 0) this.#end()
    const { count } = this
    const body = count === 0 ? new Uint8Array() : joined(this.#pieces, this.#protocol)
    this.#pieces = []
    this.count = 0
    return [body, count]
  }

  #end(): void {
    const scopeMetrics = [{ scope, metrics: this.#metrics }]
    this.#pieces.push(this.#serializer.serializeRequest({ resource: this.#resource, scopeMetrics })!)
    this.#metrics = []
    this.#points = 0
  }
}
