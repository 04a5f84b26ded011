import { expect, test } from 'vitest'
import { standard } from '../standard.fixture.js'
import { alertRules, type AlertOptions } from './rules.js'

const options: AlertOptions = { job: 'api', errorRatio: 0.05, flowFailureRatio: 0.1, runbooks: undefined }
const without = (...names: string[]) => standard.filter(({ name }) => !names.includes(name))
const names = (metrics: typeof standard) => alertRules(metrics, options).rules.map(({ alert }) => alert)

test('watches target, requests, readiness and flows', () => {
  expect(names(standard)).toEqual([
    'NoTargetUp',
    'TargetDown',
    'RequestsFailing',
    'NoInstanceReady',
    'InstanceNotReady',
    'FlowFailing',
  ])
  expect(alertRules(standard, options).missing).toEqual([])
})

test('no rule refers to a metric that is not there', () => {
  for (const { name } of standard) {
    const { rules } = alertRules(without(name), options)
    for (const { expr, description } of rules) {
      expect(expr).not.toMatch(new RegExp(`\\b${name}(_count)?\\b`))
      expect(description).not.toMatch(new RegExp(`\\b${name}\\b`))
    }
  }
})

test('says what is not watched, and what that takes', () => {
  const { rules, missing } = alertRules([], options)
  expect(rules.map(({ alert }) => alert)).toEqual(['NoTargetUp', 'TargetDown'])
  expect(missing).toEqual([
    'failed requests: no counter http_requests_total with the label status',
    'readiness: no gauge health_ready or health_check_up',
    'failed flows: no histogram flow_duration_seconds with the labels flow and outcome',
  ])
})

test('a label of another name is a metric that is not there', () => {
  const foreign = standard.map((metric) =>
    metric.name === 'http_requests_total' ? { ...metric, labels: ['status_code'] } : metric,
  )
  expect(names(foreign)).not.toContain('RequestsFailing')
})

test('watches the checks where nothing tells of readiness', () => {
  expect(names(without('health_ready'))).toContain('HealthCheckFailing')
})

test('a native histogram is counted as one', () => {
  const native = standard.map((metric) => ({
    ...metric,
    isNative: metric.type === 'histogram',
    isClassic: false,
  }))
  const { rules } = alertRules(native, options)
  expect(rules.at(-1)?.expr).toContain(
    'histogram_count(sum by (job, flow) (rate(flow_duration_seconds{job="api"',
  )
})

test('a job of any name stays a text', () => {
  const { rules } = alertRules(standard, { ...options, job: 'a "b" \\ {c}' })
  for (const { expr } of rules) expect(expr).toContain('{job="a \\"b\\" \\\\ {c}"')
})

test('links a runbook to each alert, with one slash between', () => {
  const linked = alertRules(standard, { ...options, runbooks: 'https://wiki.example/runbooks/' })
  for (const { alert, runbook } of linked.rules)
    expect(runbook).toBe(`https://wiki.example/runbooks/${alert}`)
})
