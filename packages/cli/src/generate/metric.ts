export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary'

/** What is known of a metric, wherever it was read. */
export interface Metric {
  readonly type: MetricType
  /** As Prometheus stores it: a counter's as its samples are called, a histogram's and a summary's without a suffix. */
  readonly name: string
  readonly help: string
  /** In the order of definition, without `le` and `quantile`; undefined where nothing tells. */
  readonly labels: readonly string[] | undefined
  /** Whether a histogram has the series `_bucket` by `le`. */
  readonly isClassic: boolean
  /** Whether a histogram has exponential buckets, which are one series without `le`. */
  readonly isNative: boolean
  /** Nothing tells its type: it is taken for a gauge. */
  readonly isUntyped?: boolean
}

const targetLabels = new Set(['job', 'instance'])

/** The metrics by name, handed out once: what no panel of a known metric has taken is shown as the user's own. */
export class Metrics {
  private readonly byName: Map<string, Metric>
  private readonly taken = new Set<string>()

  constructor(metrics: readonly Metric[]) {
    this.byName = new Map(metrics.map((metric) => [metric.name, asStored(metric)]))
  }

  /** The metric, if it is of the type and has the labels. One of another maker under the same name is not: a panel would stay empty. */
  find(name: string, type: MetricType, labels: readonly string[] = []): Metric | undefined {
    const metric = this.byName.get(name)
    if (metric?.type !== type) return undefined
    const has = metric.labels
    return has === undefined || labels.every((label) => has.includes(label)) ? metric : undefined
  }

  take(name: string, type: MetricType, labels: readonly string[] = []): Metric | undefined {
    const metric = this.find(name, type, labels)
    if (metric !== undefined) this.taken.add(name)
    return metric
  }

  /** Those not taken yet whose name begins so, by name. They are taken then. */
  takeRest(prefixes: readonly string[]): readonly Metric[] {
    const rest = [...this.byName.values()]
      .filter(({ name }) => !this.taken.has(name) && prefixes.some((prefix) => name.startsWith(prefix)))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const { name } of rest) this.taken.add(name)
    return rest
  }
}

/** Prometheus gives every series the labels of its target, and renames those that the service gave it. */
function asStored(metric: Metric): Metric {
  const labels = metric.labels?.map((label) => (targetLabels.has(label) ? `exported_${label}` : label))
  return { ...metric, labels }
}
