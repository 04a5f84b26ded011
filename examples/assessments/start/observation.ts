import { createCanaries } from '../traffic/canaries.js'
import type { TrafficMessage, TrafficReport } from '../traffic/exchange.js'
import { createCanarySearch } from './canary-search.js'
import { unendedFlows } from './compare.js'
import { createReconciler } from './reconcile.js'
import type { Told } from './report.js'
import type { Settled } from './settle.js'
import { summarise, type Summary } from './summary.js'
import { createReader, createTelemetry, type Telemetry } from './telemetry.js'

/** All that is watched during a run, from both sides. */
export interface Observation {
  telemetry: Telemetry
  serviceLine(line: string): void
  gatewayLine(line: string): void
  /** Text of the service outside of its log: stderr, the scrape. */
  otherText(text: string, where: string): void
  trafficLine(line: string): void
  told(): Told
  /** Called once, when everything has ended. */
  conclude(end: Conclusion): Summary
}

export interface Conclusion {
  seconds: number
  /** Nothing, when the run broke off: then both sides are not held against each other, for neither is whole. */
  settled: Settled | undefined
  /** What went wrong elsewhere. */
  problems: readonly string[]
}

/** `hasTraffic`: whether there is a generator that the telemetry can be held against. */
export function createObservation({
  seed,
  run,
  hasTraffic,
}: {
  seed: number
  run: string
  hasTraffic: boolean
}): Observation {
  const telemetry = createTelemetry()
  const read = createReader(telemetry)
  const gateway = createTelemetry()
  const readGateway = createReader(gateway)
  const reconciler = createReconciler()
  const canaries = createCanarySearch(createCanaries({ seed, run }).all())
  let report: TrafficReport | undefined

  return {
    telemetry,
    serviceLine(line) {
      canaries.search(line, 'the service’s log')
      const end = read(line)
      if (end && hasTraffic) reconciler.seen(end)
    },
    gatewayLine(line) {
      canaries.search(line, 'the gateway’s log')
      readGateway(line)
    },
    otherText: (text, where) => canaries.search(text, where),
    trafficLine(line) {
      const message = JSON.parse(line) as TrafficMessage
      if (message.kind === 'report') report = message
      else reconciler.sent(message)
    },
    told: () => ({ report, aborted: reconciler.aborted() }),
    conclude: ({ seconds, settled, problems }) =>
      summarise({
        seconds,
        telemetry,
        samples: settled?.samples ?? [],
        planted: Object.keys(report?.canaries ?? {}).length,
        leaks: canaries.found(),
        differences: [
          ...problems,
          ...(settled?.differences ?? []),
          ...(settled ? unendedFlows(telemetry) : []),
          ...(settled && hasTraffic ? reconciler.differences(report) : []),
          ...gateway.invalid.first.map(
            ({ number, problem, text }) => `gateway log line ${number} ${problem}: ${text}`,
          ),
        ],
      }),
  }
}
