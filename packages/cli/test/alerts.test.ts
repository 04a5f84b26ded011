import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { requireBinary } from '../../../scripts/testing/binaries.mjs'
import { alertRules, type AlertOptions } from '../src/generate/alerts/rules.js'
import { rulesYaml } from '../src/generate/alerts/yaml.js'
import { expressionsOf, makeDashboard } from '../src/generate/dashboard/dashboard.js'
import { own, standard } from '../src/generate/standard.fixture.js'

const options: AlertOptions = {
  job: 'api',
  errorRatio: 0.05,
  flowFailureRatio: 0.1,
  runbooks: 'https://wiki.example/runbooks',
}

/** Runs promtool in a folder with these files and gives what it says. */
function promtool(args: readonly string[], files: Readonly<Record<string, string>>) {
  const program = requireBinary({ name: 'promtool', install: 'apt-get install prometheus' })
  const folder = mkdtempSync(join(tmpdir(), 'telltale-alerts-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

interface Series {
  readonly series: string
  /** One value a minute, in promtool's notation: `0+60x20` begins at 0 and adds 60, twenty times. */
  readonly values: string
}

interface Expected {
  readonly exp_labels: Readonly<Record<string, string>>
  readonly exp_annotations: Readonly<Record<string, string>>
}

/** What promtool says where after these minutes other alerts are raised than expected; empty where they agree. */
function judge(
  input: readonly Series[],
  expected: Readonly<Record<string, readonly Expected[]>>,
  { minutes, rules = alertRules(standard, options).rules }: { minutes: number; rules?: typeof fallback },
): string {
  const alert_rule_test = rules.map(({ alert }) => ({
    eval_time: `${minutes}m`,
    alertname: alert,
    exp_alerts: expected[alert] ?? [],
  }))
  const tests = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [{ interval: '1m', input_series: input, alert_rule_test }],
  }
  const { status, said } = promtool(['test', 'rules', 'tests.json'], {
    'rules.yml': rulesYaml(options.job, rules),
    // JSON is YAML.
    'tests.json': JSON.stringify(tests),
  })
  expect(Object.keys(expected).filter((name) => !rules.some(({ alert }) => alert === name))).toEqual([])
  return status === 0 ? '' : said
}

const fallback = alertRules(
  standard.filter(({ name }) => name !== 'health_ready'),
  options,
).rules

const up = (instance: string, values: string): Series => ({
  series: `up{job="api", instance="${instance}"}`,
  values,
})
const requests = (status: string, values: string, path = '/pay'): Series => ({
  series: `http_requests_total{job="api", instance="a", method="POST", path="${path}", status="${status}"}`,
  values,
})
const flow = (outcome: string, values: string, name = 'retake'): Series => ({
  series: `flow_duration_seconds_count{job="api", instance="a", flow="${name}", outcome="${outcome}"}`,
  values,
})
const ready = (instance: string, values: string): Series => ({
  series: `health_ready{job="api", instance="${instance}"}`,
  values,
})
const check = (instance: string, name: string, values: string): Series => ({
  series: `health_check_up{job="api", instance="${instance}", check="${name}"}`,
  values,
})

function raised(
  alert: string,
  severity: string,
  labels: Record<string, string>,
  texts: [string, string],
): Expected {
  const [summary, description] = texts
  return {
    exp_labels: { severity, ...labels },
    exp_annotations: { summary, description, runbook_url: `https://wiki.example/runbooks/${alert}` },
  }
}

const requestsFail = (share: string) => ({
  RequestsFailing: [
    raised('RequestsFailing', 'critical', { job: 'api' }, [
      'api fails more than 5 % of its requests',
      `${share} of the requests of the last 5 minutes were answered with a 5xx status.`,
    ]),
  ],
})
const noTargetUp = {
  NoTargetUp: [
    raised('NoTargetUp', 'critical', { job: 'api' }, [
      'Prometheus reaches no instance of api',
      'No target of the job api has answered a scrape for 5 minutes.',
    ]),
  ],
}
const targetDown = (instance: string) =>
  raised('TargetDown', 'warning', { job: 'api', instance }, [
    `${instance} of api is down`,
    `The target ${instance} has not answered a scrape for 5 minutes.`,
  ])
const noInstanceReady = {
  NoInstanceReady: [
    raised('NoInstanceReady', 'critical', { job: 'api' }, [
      'No instance of api is ready',
      'Every instance of api that is up has said for 2 minutes that it is not ready.',
    ]),
  ],
}
const instanceNotReady = (instance: string, checks: string) =>
  raised('InstanceNotReady', 'warning', { job: 'api', instance }, [
    `${instance} of api is not ready`,
    `${instance} has said for 5 minutes that it is not ready. Failing checks: ${checks}.`,
  ])
const flowFails = (name: string, share: string) =>
  raised('FlowFailing', 'warning', { job: 'api', flow: name }, [
    `More than 10 % of the flows ${name} of api fail`,
    `${share} of the flows ${name} of the last 15 minutes failed.`,
  ])
const isUp = up('a', '1x60')

test('promtool accepts the rules, with whatever there is', () => {
  for (const rules of [alertRules(standard, options).rules, fallback, alertRules([], options).rules]) {
    const { status, said } = promtool(['check', 'rules', 'rules.yml'], {
      'rules.yml': rulesYaml('api', rules),
    })
    expect(said).toContain(`SUCCESS: ${rules.length} rules found`)
    expect(status).toBe(0)
  }
})

test('promtool accepts a job of any name', () => {
  for (const job of ['a "b" \\ {{c}}', "it's", 'yes', '* & # : -', 'größe']) {
    const text = rulesYaml(job, alertRules(standard, { ...options, job }).rules)
    expect(promtool(['check', 'rules', 'rules.yml'], { 'rules.yml': text })).toMatchObject({ status: 0 })
  }
})

test('promtool accepts every expression of a dashboard', () => {
  const dashboard = makeDashboard([...standard, ...own], { ...options, title: 'A', uid: 'a' })
  const expressions = expressionsOf(dashboard, { job: 'api', range: '1m' })
  const rules = expressions.map(({ expr }, index) => ({ record: `panel:${index}`, expr }))
  const text = JSON.stringify({ groups: [{ name: 'dashboard', rules }] })
  const { status, said } = promtool(['check', 'rules', 'rules.json'], { 'rules.json': text })
  expect(said).toContain(`SUCCESS: ${expressions.length} rules found`)
  expect(status).toBe(0)
})

test('a service that is well raises nothing', () => {
  const input = [
    isUp,
    requests('200', '0+60x60'),
    flow('completed', '0+6x60'),
    flow('failed', '0x60'),
    ready('a', '1x60'),
    check('a', 'database', '1x60'),
  ]
  expect(judge(input, {}, { minutes: 30 })).toBe('')
})

test('a tenth of the requests failing is an outage, with the share in its text', () => {
  const input = [isUp, requests('200', '0+54x60'), requests('502', '0+3x60'), requests('500', '0+3x60', '/')]
  expect(judge(input, requestsFail('10%'), { minutes: 30 })).toBe('')
})

test('it is not for the first five minutes, and not after it has ended', () => {
  const failing = [isUp, requests('200', '0+54x60'), requests('500', '0+6x60')]
  expect(judge(failing, {}, { minutes: 4 })).toBe('')
  const over = [isUp, requests('200', '0+54x60'), requests('500', '0+6x20 120x40')]
  expect(judge(over, {}, { minutes: 40 })).toBe('')
})

test('a share below the threshold raises nothing', () => {
  expect(judge([isUp, requests('200', '0+96x60'), requests('500', '0+4x60')], {}, { minutes: 30 })).toBe('')
})

test('no request at all, and no failed one yet, raise nothing', () => {
  expect(judge([isUp, requests('200', '9x60'), requests('500', '1x60')], {}, { minutes: 30 })).toBe('')
  expect(judge([isUp, requests('200', '0+60x60')], {}, { minutes: 30 })).toBe('')
  expect(judge([isUp], {}, { minutes: 30 })).toBe('')
})

test('two failures of few requests raise nothing, lasting ones of few do', () => {
  // The second keeps the share up for longer than the alert waits.
  const twice = [isUp, requests('200', '0x24 1x36'), requests('500', '0x25 1x3 2x32')]
  for (const minutes of [29, 31, 32, 33]) expect(judge(twice, {}, { minutes })).toBe('')
  const always = [isUp, requests('500', '0+1x60')]
  expect(judge(always, requestsFail('100%'), { minutes: 30 })).toBe('')
})

test('what other jobs do is theirs', () => {
  const others = [
    isUp,
    { series: 'up{job="other", instance="b"}', values: '0x60' },
    { series: 'http_requests_total{job="other", instance="b", status="500"}', values: '0+60x60' },
    { series: 'health_ready{job="other", instance="b"}', values: '0x60' },
  ]
  expect(judge(others, {}, { minutes: 30 })).toBe('')
})

test('a flow that fails is named, others are not', () => {
  const input = [
    isUp,
    flow('completed', '0+3x60'),
    flow('failed', '0+1x60'),
    flow('completed', '0+3x60', 'migrate'),
    flow('failed', '0x60', 'migrate'),
  ]
  expect(judge(input, { FlowFailing: [flowFails('retake', '25%')] }, { minutes: 40 })).toBe('')
})

test('a flow that failed once raises nothing', () => {
  const input = [isUp, flow('completed', '0x60'), flow('failed', '0x30 1x30')]
  for (const minutes of [35, 38, 41, 44]) expect(judge(input, {}, { minutes })).toBe('')
})

test('one instance that is not ready is a warning which names the failing checks', () => {
  const input = [
    isUp,
    up('b', '1x60'),
    ready('a', '1x60'),
    ready('b', '0x60'),
    check('a', 'database', '1x60'),
    check('b', 'database', '0x60'),
    check('b', 'cache', '0x60'),
    check('b', 'mail', '1x60'),
  ]
  expect(judge(input, { InstanceNotReady: [instanceNotReady('b', 'cache database')] }, { minutes: 10 })).toBe(
    '',
  )
})

test('no instance ready is an outage after two minutes, a warning each after five', () => {
  const input = [isUp, up('b', '1x60'), ready('a', '0x60'), ready('b', '0x60')]
  expect(judge(input, {}, { minutes: 1 })).toBe('')
  expect(judge(input, noInstanceReady, { minutes: 3 })).toBe('')
  const all = {
    ...noInstanceReady,
    InstanceNotReady: [instanceNotReady('a', 'none'), instanceNotReady('b', 'none')],
  }
  expect(judge(input, all, { minutes: 10 })).toBe('')
})

test('a start and a drain are not what is meant', () => {
  const input = [isUp, up('b', '1x60'), ready('a', '1x60'), ready('b', '0x4 1x20 0x4')]
  for (const minutes of [4, 12, 27]) expect(judge(input, {}, { minutes })).toBe('')
})

test('checks are watched where nothing tells of readiness', () => {
  const failing = {
    HealthCheckFailing: [
      raised('HealthCheckFailing', 'warning', { job: 'api', instance: 'a', check: 'database' }, [
        'The check database of a fails',
        'The health check database of a has failed for 5 minutes.',
      ]),
    ],
  }
  const input = [isUp, check('a', 'database', '0x60'), check('a', 'cache', '1x60')]
  expect(judge(input, failing, { minutes: 10, rules: fallback })).toBe('')
})

test('one instance down is a warning', () => {
  expect(judge([isUp, up('b', '0x60')], { TargetDown: [targetDown('b')] }, { minutes: 10 })).toBe('')
})

test('all instances down are an outage', () => {
  expect(judge([up('a', '0x60')], { ...noTargetUp, TargetDown: [targetDown('a')] }, { minutes: 10 })).toBe('')
})

test('a job that is not scraped at all is an outage', () => {
  expect(judge([{ series: 'up{job="other"}', values: '1x60' }], noTargetUp, { minutes: 10 })).toBe('')
})

test('these tests can fail', () => {
  const failing = [isUp, requests('500', '0+60x60')]
  expect(judge(failing, {}, { minutes: 30 })).toContain('RequestsFailing')
  expect(judge([isUp], requestsFail('10%'), { minutes: 30 })).toContain('RequestsFailing')
})
