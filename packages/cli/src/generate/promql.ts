import type { Metric } from './metric.js'

/** Which series are meant and over which time, as PromQL: `job="api"` and `5m`. */
export interface Scope {
  readonly selector: string
  readonly range: string
}

/** A text as PromQL quotes it, for a label's value. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** Expressions over the series of one scope. */
export class PromQL {
  constructor(private readonly scope: Scope) {}

  get selector(): string {
    return this.scope.selector
  }

  /** The series of a name, with more matchers if need be: `status=~"5.."`. */
  series(name: string, where?: string): string {
    return `${name}{${[this.scope.selector, where].filter(Boolean).join(', ')}}`
  }

  rate(name: string, where?: string, range = this.scope.range): string {
    return `rate(${this.series(name, where)}[${range}])`
  }

  increase(name: string, where?: string, range = this.scope.range): string {
    return `increase(${this.series(name, where)}[${range}])`
  }

  /** A counter's rate, summed up. */
  sumRate(name: string, by: readonly string[] = [], where?: string): string {
    return sum(by, this.rate(name, where))
  }

  /** Observations a second of a histogram or summary. */
  observations(metric: Metric, by: readonly string[] = [], where?: string): string {
    return this.eitherKind(
      metric,
      () => this.sumRate(`${metric.name}_count`, by, where),
      () => `histogram_count(${this.sumRate(metric.name, by, where)})`,
    )
  }

  /** What was observed a second, summed up: seconds per second. */
  observed(metric: Metric, by: readonly string[] = [], where?: string): string {
    return this.eitherKind(
      metric,
      () => this.sumRate(`${metric.name}_sum`, by, where),
      () => `histogram_sum(${this.sumRate(metric.name, by, where)})`,
    )
  }

  average(metric: Metric, by: readonly string[] = []): string {
    return `${this.observed(metric, by)} / ${this.observations(metric, by)}`
  }

  quantile(q: number, metric: Metric, by: readonly string[] = [], where?: string): string {
    return this.eitherKind(
      metric,
      () => `histogram_quantile(${q}, ${this.sumRate(`${metric.name}_bucket`, ['le', ...by], where)})`,
      () => `histogram_quantile(${q}, ${this.sumRate(metric.name, by, where)})`,
    )
  }

  /** One that has both kinds of buckets is stored as either, depending on what Prometheus negotiates. */
  private eitherKind(metric: Metric, classic: () => string, native: () => string): string {
    if (!metric.isNative) return classic()
    return metric.isClassic ? `(${native()} or ${classic()})` : native()
  }
}

export function sum(by: readonly string[], inner: string): string {
  return by.length === 0 ? `sum(${inner})` : `sum by (${by.join(', ')}) (${inner})`
}
