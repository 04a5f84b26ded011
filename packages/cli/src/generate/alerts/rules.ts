import { Metrics, type Metric } from '../metric.js'
import { PromQL, quoted } from '../promql.js'
import type { Rule } from './rule.js'

export interface AlertOptions {
  readonly job: string
  /** The share of failed requests above which an alert is raised; between 0 and 1. */
  readonly errorRatio: number
  readonly flowFailureRatio: number
  /** Absolute; the alert's name is added. */
  readonly runbooks: string | undefined
}

export interface Alerts {
  readonly rules: readonly Rule[]
  /** What is not watched, and which metric that would take. */
  readonly missing: readonly string[]
}

const minFailedRequests = 5
const minFailedFlows = 3

/** The alert rules that these metrics allow; no rule refers to a metric or label which is not among them, `up` excepted. */
export function alertRules(all: readonly Metric[], options: AlertOptions): Alerts {
  const subject: Subject = {
    ...options,
    metrics: new Metrics(all),
    promql: new PromQL({ selector: `job=${quoted(options.job)}`, range: '5m' }),
  }
  const found = [target(subject), requests(subject), readiness(subject), flows(subject)]
  const { runbooks } = options
  const link = ({ alert }: Rule) =>
    runbooks === undefined ? {} : { runbook: `${runbooks.replace(/\/$/, '')}/${alert}` }
  return {
    rules: found.flatMap((one) =>
      typeof one === 'string' ? [] : one.map((rule) => ({ ...rule, ...link(rule) })),
    ),
    missing: found.filter((one) => typeof one === 'string'),
  }
}

interface Subject extends AlertOptions {
  readonly metrics: Metrics
  readonly promql: PromQL
}

/** Rules, or what is missing for them. */
type Found = readonly Rule[] | string

function target({ promql }: Subject): Found {
  const up = promql.series('up')
  return [
    {
      alert: 'NoTargetUp',
      comment:
        'The job is not scraped at all (gone, renamed, never found), or none of its instances answers.',
      expr: `absent(${up})\nor\nsum by (job) (${up}) == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Prometheus reaches no instance of {{ $labels.job }}',
      description: 'No target of the job {{ $labels.job }} has answered a scrape for 5 minutes.',
    },
    {
      alert: 'TargetDown',
      comment: 'An instance that is known and does not answer; the others serve.',
      expr: `${up} == 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.instance }} of {{ $labels.job }} is down',
      description: 'The target {{ $labels.instance }} has not answered a scrape for 5 minutes.',
    },
  ]
}

function requests({ metrics, promql, errorRatio }: Subject): Found {
  const total = metrics.find('http_requests_total', 'counter', ['status'])
  if (total === undefined) return 'failed requests: no counter http_requests_total with the label status'
  const { name } = total
  const failed = 'status=~"5.."'
  const share = `${promql.sumRate(name, ['job'], failed)}\n/\n${promql.sumRate(name, ['job'])}`
  const enough = `sum by (job) (${promql.increase(name, failed, '10m')}) >= ${minFailedRequests}`
  return [
    {
      alert: 'RequestsFailing',
      comment: `${minFailedRequests} failures in 10 minutes at least: one failure of two requests at night is a ratio, and no outage.`,
      expr: `${above(share, errorRatio)}\nand\n${enough}`,
      for: '5m',
      severity: 'critical',
      summary: `{{ $labels.job }} fails more than ${percent(errorRatio)} of its requests`,
      description:
        '{{ $value | humanizePercentage }} of the requests of the last 5 minutes were answered with a 5xx status.',
    },
  ]
}

function flows({ metrics, promql, flowFailureRatio }: Subject): Found {
  const duration = metrics.find('flow_duration_seconds', 'histogram', ['flow', 'outcome'])
  if (duration === undefined)
    return 'failed flows: no histogram flow_duration_seconds with the labels flow and outcome'
  const failed = 'outcome="failed"'
  const by = ['job', 'flow']
  const rare = new PromQL({ selector: promql.selector, range: '15m' })
  const share = `${rare.observations(duration, by, failed)}\n/\n${rare.observations(duration, by)}`
  const enough = `${rare.observations(duration, by, failed)} * 900 >= ${minFailedFlows}`
  return [
    {
      alert: 'FlowFailing',
      comment: `${minFailedFlows} failures in 15 minutes (900 s) at least.`,
      expr: `${above(share, flowFailureRatio)}\nand\n${enough}`,
      for: '5m',
      severity: 'warning',
      summary: `More than ${percent(flowFailureRatio)} of the flows {{ $labels.flow }} of {{ $labels.job }} fail`,
      description:
        '{{ $value | humanizePercentage }} of the flows {{ $labels.flow }} of the last 15 minutes failed.',
    },
  ]
}

function readiness({ metrics, promql }: Subject): Found {
  const ready = metrics.find('health_ready', 'gauge')
  const up = metrics.find('health_check_up', 'gauge', ['check'])
  if (ready === undefined && up === undefined) return 'readiness: no gauge health_ready or health_check_up'
  if (ready === undefined) return [checkFailing(promql)]
  const series = promql.series(ready.name)
  // Asked when the alert is raised: its own series says that something fails, not what.
  const which =
    up === undefined
      ? ''
      : ' Failing checks:{{ range query (printf "health_check_up{job=%q, instance=%q} == 0" $labels.job $labels.instance) | sortByLabel "check" }} {{ .Labels.check }}{{ else }} none{{ end }}.'
  return [
    {
      alert: 'NoInstanceReady',
      comment:
        'Nobody is served: a load balancer has no instance to send a request to, so no request fails either.',
      expr: `max by (job) (${series}) == 0`,
      for: '2m',
      severity: 'critical',
      summary: 'No instance of {{ $labels.job }} is ready',
      description:
        'Every instance of {{ $labels.job }} that is up has said for 2 minutes that it is not ready.',
    },
    {
      alert: 'InstanceNotReady',
      comment: 'Longer than a start or a drain takes; the others serve.',
      expr: `${series} == 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.instance }} of {{ $labels.job }} is not ready',
      description: `{{ $labels.instance }} has said for 5 minutes that it is not ready.${which}`,
    },
  ]
}

function checkFailing(promql: PromQL): Rule {
  return {
    alert: 'HealthCheckFailing',
    comment: 'The nearest to readiness that there is: no gauge health_ready was found.',
    expr: `${promql.series('health_check_up')} == 0`,
    for: '5m',
    severity: 'warning',
    summary: 'The check {{ $labels.check }} of {{ $labels.instance }} fails',
    description: 'The health check {{ $labels.check }} of {{ $labels.instance }} has failed for 5 minutes.',
  }
}

function above(share: string, ratio: number): string {
  return `(\n${share.replace(/^/gm, '  ')}\n) > ${ratio}`
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`
}
