import { createServer } from 'node:http'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics'
import { afterEach, describe, expect, test } from 'vitest'
import { openMetricsParser, parseOpenMetrics } from '../../../scripts/testing/openmetrics.mjs'
import { requireBinary } from '../../../scripts/testing/binaries.mjs'
import { counter, gauge, histogram } from '../src/index.js'
import { listening } from './support/apps/listening.js'
import { Child, endChildren } from './support/child.js'
import { type Answer, ask } from './support/client.js'
import { metricsEndpoint } from './support/metrics-endpoint.js'
import {
  eachPeer,
  mended,
  named,
  type Peer,
  promClient15,
  prometheusIo16,
  sampleLines,
} from './support/metrics-peers.js'

afterEach(endChildren)

const scrape = metricsEndpoint()
const openMetricsType = 'application/openmetrics-text; version=1.0.0'

describe('defect 6: OpenMetrics', () => {
  test.each(eachPeer)('%s writes bounds that are not canonical', async (name, { client }) => {
    const register = openMetrics(client)
    new client.Histogram({ name: 'h', help: 'H.', buckets: [1], registers: [register] }).observe(1)
    expect(sampleLines(await register.metrics(), 'h_bucket')[0], mended(name)).toBe('h_bucket{le="1"} 1')
  })

  test.each(eachPeer)('%s leaves quotes in help as they are', async (name, { client }) => {
    const register = openMetrics(client)
    new client.Gauge({ name: 'g', help: 'The "g".', registers: [register] }).set(1)
    expect(await register.metrics(), mended(name)).toContain('# HELP g The "g".\n')
  })

  test.each(eachPeer)('%s renames a counter by being scraped', async (name, { client }) => {
    const register = openMetrics(client)
    new client.Counter({ name: 'c_total', help: 'C.', registers: [register] }).inc()
    await register.metrics()
    register.setContentType(client.Registry.PROMETHEUS_CONTENT_TYPE as never)
    expect(sampleLines(await register.metrics()), mended(name)).toEqual(['c 1'])
  })

  test.each(eachPeer)(
    '%s refuses a legal exemplar, and writes what nobody can read',
    async (name, { client }) => {
      const register = openMetrics(client)
      const options = { name: 'c_total', help: 'C.', enableExemplars: true, registers: [register] }
      const c = new client.Counter(options as never)
      // 104 of the 128 code points that the specification allows, in 204 UTF-16 units.
      const exemplarLabels = { note: '💥'.repeat(100) }
      expect(() => c.inc({ exemplarLabels } as never), mended(name)).toThrow(RangeError)
      expect(sampleLines(await register.metrics(), 'c_total'), mended(name)).toEqual([
        'c_total 1 # {} +Inf undefined',
      ])
    },
  )

  test('ours is what the specification asks for', async () => {
    requireBinary(openMetricsParser)
    counter('defect6_total', { help: 'The "c".' }).inc()
    histogram('defect6_seconds', { help: 'H.', buckets: [1] }).observe(1)
    const { body } = await scrape({ accept: openMetricsType })
    expect(parseOpenMetrics(body).map(({ name }) => name)).toContain('defect6')
    expect(body).toContain('# HELP defect6 The \\"c\\".\n')
    expect(sampleLines(body, 'defect6_seconds_bucket')[0]).toMatch(
      /^defect6_seconds_bucket\{le="1\.0"\} 1( #|$)/,
    )
    expect(sampleLines((await scrape()).body, 'defect6_total')).toEqual(['defect6_total 1'])
  })
})

describe('defect 9: a cluster whose primary promises OpenMetrics', () => {
  const type = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

  test(`${promClient15.name} sends the other format`, async () => {
    const { contentType, text } = await clusterMetrics(promClient15)
    expect(contentType).toBe(type)
    expect(text, mended(promClient15.name)).not.toContain('# EOF')
  })

  test(`${prometheusIo16.name} sends counters under other names`, async () => {
    const { contentType, text } = await clusterMetrics(prometheusIo16)
    expect(contentType).toBe(type)
    expect(sampleLines(text), mended(prometheusIo16.name)).toEqual(['c_total_total 1'])
  })

  test('ours sends what it says', async () => {
    const { headers, body } = await scrape({ accept: openMetricsType })
    expect(headers['content-type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/)
    expect(body.endsWith('\n# EOF\n')).toBe(true)
  })
})

describe('defect 10: what a scraper is told', () => {
  const openTelemetry = named('@opentelemetry/exporter-prometheus')

  test(`${openTelemetry} names neither version nor charset, whatever is asked for`, async () => {
    const { headers } = await exported()
    expect(headers['content-type'], mended(openTelemetry)).toBe('text/plain')
  })

  test('ours names both', async () => {
    const { headers } = await scrape()
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  test(`${openTelemetry} answers 200 with no metric at all when one source fails`, async () => {
    const failing = { collect: () => Promise.reject(new Error('no')) }
    const { status, body } = await exported(failing)
    expect({ status, body }, mended(openTelemetry)).toEqual({
      status: 200,
      body: '# failed to export metrics: Error: no',
    })
  })

  test('ours leaves out the metric that fails, and counts that', async () => {
    counter('defect10_total', { help: 'C.' }).inc()
    gauge('defect10_depth', {
      help: 'G.',
      collect: () => {
        throw new Error('no')
      },
    })
    const { status, body } = await scrape()
    expect(status).toBe(200)
    expect(sampleLines(body, 'defect10_')).toEqual(['defect10_total 1'])
    expect(sampleLines(body, 'telltale_dropped_total')).toContainEqual(
      expect.stringMatching(/^telltale_dropped_total\{signal="metric",reason="collect_failed"\} [1-9]/),
    )
  })

  test(`${openTelemetry} writes a help that says nothing`, async () => {
    const { body } = await exported()
    expect(body, mended(openTelemetry)).toContain('# HELP c_total description missing\n')
  })

  test('ours refuses a metric without help', () => {
    expect(() => counter('defect10_other_total', {} as never)).toThrow(
      'help must say what is measured, in a sentence, got undefined',
    )
  })
})

function openMetrics(client: Peer['client']) {
  const register = new client.Registry()
  register.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE as never)
  return register
}

async function clusterMetrics(peer: Peer): Promise<{ contentType: string; text: string }> {
  const child = new Child('peer-cluster.mjs', [peer.name.split(' ')[0]!])
  const { code } = await child.ended
  if (code !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout) as { contentType: string; text: string }
}

/** What the exporter answers to a scraper that asks for OpenMetrics, with one counter and `producer`. */
async function exported(producer?: MetricProducer): Promise<Answer> {
  const metricProducers = producer === undefined ? [] : [producer]
  const exporter = new PrometheusExporter({ preventServerStart: true, metricProducers })
  const provider = new MeterProvider({ readers: [exporter] })
  provider.getMeter('m').createCounter('c').add(1)
  const { port, close } = await listening(
    createServer((req, res) => exporter.getMetricsRequestHandler(req, res)),
  )
  const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'
  const answer = await ask(port, '/metrics', { headers: { accept } })
  await close()
  await provider.shutdown()
  return answer
}
