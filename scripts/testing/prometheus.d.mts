export interface RealPrometheus {
  /** `http://127.0.0.1:PORT`. */
  url: string
  /** An instant query, at `time` in seconds since the epoch (default: now). Throws with the server's words where it refuses. */
  query(expr: string, time?: number): Promise<Value[]>
  /** The raw samples of each series of `selector` in the `range` (`5m`) that ends at `time`. */
  samples(selector: string, range: string, time?: number): Promise<Samples[]>
  /** Exemplars of the series of `selector`; needs the feature `exemplar-storage`. */
  queryExemplars(selector: string, start: number, end: number): Promise<SeriesExemplars[]>
  /** `GET /api/v1/PATH`: its `data`. */
  ask(path: string, parameters?: Record<string, string>): Promise<unknown>
  /** Kills the server and removes its data. May be called twice. Needs no call where the test process dies. */
  stop(): Promise<void>
}

export interface Value {
  labels: Record<string, string>
  time: number
  /** There unless the value is a native histogram. */
  value?: number
  /** Prometheus' own JSON: buckets are `[bounds, lower, upper, count]`. */
  histogram?: { count: string; sum: string; buckets?: [number, string, string, string][] }
}

export interface Samples {
  labels: Record<string, string>
  values: { time: number; value: number }[]
  histograms: { time: number; histogram: NonNullable<Value['histogram']> }[]
}

export interface SeriesExemplars {
  series: Record<string, string>
  exemplars: { labels: Record<string, string>; value: number; time: number }[]
}

export interface PrometheusOptions {
  /** The configuration as Prometheus documents it: `global`, `scrape_configs`, `rule_files`. */
  config: object
  /** `native-histograms` makes 2.42 ask for protobuf first; without it, it asks for OpenMetrics first. */
  features?: ('native-histograms' | 'exemplar-storage')[]
}

/** For `requireBinary` and `describeWithBinary`. */
export const prometheusBinary: { name: 'prometheus'; install: string }
export const promtoolBinary: { name: 'promtool'; install: string }

/**
 * A real Prometheus server from the installed binary, on a free loopback port, its data in a new folder.
 * Throws with the server's own words when it can't start. It is ready within half a second; its first scrape comes 5 s
 * later (a constant of Prometheus), so share one server between tests.
 *
 * @example
 * describeWithBinary(prometheusBinary, 'scraped by a real Prometheus', () => {
 *   let prometheus: RealPrometheus
 *   beforeAll(async () => {
 *     prometheus = await startPrometheus({
 *       config: {
 *         global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
 *         scrape_configs: [{ job_name: 'app', static_configs: [{ targets: ['127.0.0.1:3000'] }] }],
 *       },
 *     })
 *   })
 *   afterAll(() => prometheus.stop())
 * })
 */
export function startPrometheus(options: PrometheusOptions): Promise<RealPrometheus>
