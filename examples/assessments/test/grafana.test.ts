import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWithBinary, requireBinary } from '../../../scripts/testing/binaries.mjs'
import {
  prometheusBinary,
  promtoolBinary,
  type RealPrometheus,
  startPrometheus,
} from '../../../scripts/testing/prometheus.mjs'
import { generateTraffic } from '../traffic/generate.js'
import { startBackend, type Backend } from './harness/backend.js'
import { startEmbedded, type Database } from './harness/database.js'
import { eventually } from './harness/eventually.js'

const JOB = 'assessments'
const DATA_DEADLINE_MS = 90_000
const run = promisify(execFile)
const command = fileURLToPath(new URL('../../../packages/cli/bin/telltale.js', import.meta.url))
const fileOf = (name: string): string => fileURLToPath(new URL(`../grafana/${name}`, import.meta.url))

interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[]
  templating: { list: { name: string; definition?: string }[] }
}
interface AlertRule {
  name: string
  query: string
  health: string
  lastError?: string
}

// What the files in grafana/ ask is answered by a Prometheus that scrapes the example at work. `npx vitest run
// --project assessments grafana -u` makes them anew.
describeWithBinary(prometheusBinary, 'the generated dashboard and alerts', () => {
  let database: Database
  let backend: Backend
  let prometheus: RealPrometheus
  let traffic: Promise<void>
  const ending = new AbortController()

  beforeAll(async () => {
    database = await startEmbedded()
    backend = await startBackend(database.url, { FAULTS_FIRST: '1', FAULT_RETAKE_RATE: '0.2' })
    prometheus = await startPrometheus({
      config: {
        global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
        rule_files: [fileOf('alerts.yml')],
        scrape_configs: [{ job_name: JOB, static_configs: [{ targets: [new URL(backend.url).host] }] }],
      },
      features: ['native-histograms', 'exemplar-storage'],
    })
    traffic = generateTraffic({
      url: new URL(backend.url),
      seed: 1,
      run: 'grafana',
      pace: 4,
      signal: ending.signal,
      emit: () => {},
    })
  })

  afterAll(async () => {
    ending.abort()
    await traffic
    await prometheus?.stop()
    await backend?.stop()
    await database?.stop()
  })

  /** Those of the expressions, by where they stand, that have no data at the deadline. */
  const withoutData = async (
    expressions: readonly (readonly [at: string, expr: string])[],
  ): Promise<string[]> => {
    let missing = expressions
    const ask = async (): Promise<boolean> => {
      const answers = await Promise.all(missing.map(([, expr]) => hasData(prometheus, expr)))
      missing = missing.filter((_, index) => !answers[index])
      return missing.length === 0
    }
    await eventually('data', ask, DATA_DEADLINE_MS).catch(() => {})
    return missing.map(([at, expr]) => `${at}: ${expr}`)
  }

  test('every expression of the dashboard has data', { timeout: DATA_DEADLINE_MS * 2 }, async () => {
    const expressions = expressionsOfDashboard()
    expect(expressions.length).toBeGreaterThan(20)
    expect(await withoutData(expressions)).toEqual([])
  })

  test("the dashboard's variables find the service", async () => {
    const definitions = dashboard().templating.list.flatMap(({ definition = [] }) => definition)
    expect(definitions.length).toBeGreaterThan(0)
    for (const definition of definitions) {
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? []
      const values = (await prometheus.query(resolved(selector))).map(({ labels }) => labels[label])
      expect(values).toContain({ job: JOB, instance: new URL(backend.url).host }[label])
    }
  })

  describe('the alerts', () => {
    test(
      'are what Prometheus evaluates without an error, and all they ask about is there',
      { timeout: DATA_DEADLINE_MS * 2 },
      async () => {
        const rules = await eventually('the rules are evaluated', async () => {
          const { groups } = (await prometheus.ask('rules')) as { groups: { rules: AlertRule[] }[] }
          const all = groups.flatMap((group) => group.rules)
          return all.every(({ health }) => health !== 'unknown') && all
        })
        expect(rules.length).toBeGreaterThan(3)
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
        const selectors = rules.flatMap(({ name, query }) =>
          [...query.matchAll(/[a-z_:]+\{[^{}]*\}/g)].map(([selector]) => [name, selector] as const),
        )
        for (const { name } of rules) expect(selectors.map(([of]) => of)).toContain(name)
        expect(await withoutData(selectors)).toEqual([])
      },
    )

    test('pass promtool check rules', async () => {
      const promtool = requireBinary(promtoolBinary)
      const { stdout } = await run(promtool, ['check', 'rules', fileOf('alerts.yml')])
      expect(stdout).toMatch(/SUCCESS: \d+ rules found/)
    })
  })

  test('are what the generator makes of the service at work', { timeout: DATA_DEADLINE_MS * 2 }, async () => {
    // A metric is in the scrape once something has happened to it.
    await withoutData(expressionsOfDashboard())
    await expect(await generate('dashboard', '--title', 'Assessments')).toMatchFileSnapshot(
      fileOf('dashboard.json'),
    )
    await expect(await generate('alerts')).toMatchFileSnapshot(fileOf('alerts.yml'))
  })

  const generate = async (what: 'dashboard' | 'alerts', ...options: string[]): Promise<string> => {
    const args = ['generate', what, `${backend.url}/metrics`, '--job', JOB, ...options]
    return (await run(process.execPath, [command, ...args])).stdout
  }
})

function expressionsOfDashboard(): (readonly [panel: string, expr: string])[] {
  return dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, resolved(expr)] as const),
  )
}

function dashboard(): Dashboard {
  return JSON.parse(readFileSync(fileOf('dashboard.json'), 'utf8')) as Dashboard
}

/** As Grafana would send it: one job, all instances. */
function resolved(expr: string): string {
  const values: Record<string, string> = {
    job: JOB,
    instance: '.*',
    __rate_interval: '30s',
    __interval: '1s',
    __range: '1m',
  }
  const text = expr.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => values[name] ?? whole)
  expect(text).not.toMatch(/\$\{?[a-z_]/)
  return text
}

async function hasData(prometheus: RealPrometheus, expr: string): Promise<boolean> {
  const found = await prometheus.query(expr)
  return found.some(
    ({ value, histogram }) => histogram !== undefined || (value !== undefined && !Number.isNaN(value)),
  )
}
