import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counter, gauge } from '../../src/index.js'
import { accepts, type MetricsApp, startMetricsApp } from './app.js'

let app: MetricsApp
beforeAll(async () => {
  app = await startMetricsApp()
  counter('asked_total', { help: 'Counted.' }).inc(2)
  gauge('asked_depth', { help: 'Measured.' }).set(7)
})
afterAll(() => app.close())

const text = /^text\/plain; ?version=0\.0\.4/
const openMetrics = /^application\/openmetrics-text; ?version=1\.0\.0/
const protobuf =
  /^application\/vnd\.google\.protobuf; ?proto=io\.prometheus\.client\.MetricFamily; ?encoding=delimited/

const delimited = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'

describe('the format', () => {
  test.each([
    ['nothing', undefined, text],
    ['nothing in it', '', text],
    ['curl', '*/*', text],
    ['text/*', 'text/*', text],
    [
      'a browser',
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
      text,
    ],
    ['Prometheus 2.42', accepts.openMetrics, openMetrics],
    ['Prometheus 2.42 with native histograms', accepts.protobuf, protobuf],
    [
      'Prometheus 2.55',
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      openMetrics,
    ],
    [
      'Prometheus 2.55 with native histograms',
      `${delimited};q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
      protobuf,
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      openMetrics,
    ],
    [
      'Prometheus 3 with native histograms',
      `${delimited};q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
      protobuf,
    ],
    [
      'Prometheus 3 told to prefer text',
      'text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.4',
      text,
    ],
    ['vmagent', accepts.text, text],
    ['text of a version that does not exist here', 'text/plain;version=1.0.0,*/*;q=0.1', text],
    ['OpenMetrics of a version that does not exist here', 'application/openmetrics-text;version=0.0.1', text],
    ['OpenMetrics of any version', 'application/openmetrics-text', openMetrics],
    [
      'OpenMetrics in capitals and spaces',
      ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=0.9 , */* ; q=0.1',
      openMetrics,
    ],
    ['another weight for text', 'text/plain;q=0.2,application/openmetrics-text;q=0.3', openMetrics],
    ['another weight for OpenMetrics', 'application/openmetrics-text;q=0.2,text/plain;q=0.3', text],
    ['no OpenMetrics', 'application/openmetrics-text;q=0,*/*', text],
    [
      'no OpenMetrics, with zeros',
      'application/openmetrics-text;version=1.0.0;q=0.000,text/plain;q=0.1',
      text,
    ],
    ['no text', 'text/plain;q=0,application/openmetrics-text;q=0.1', openMetrics],
    [
      'a protobuf that is not delimited',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
      text,
    ],
    ['a protobuf of another message', 'application/vnd.google.protobuf;proto=a.B;encoding=delimited', text],
    ['what does not exist here', 'application/json', text],
    ['what is no header', ';;q=,,=/;q=x,"', text],
    [
      'a weight that is no number, as if it was not asked for',
      'application/openmetrics-text;q=high,text/plain;q=0.1',
      text,
    ],
  ])('for %s: %s', async (_who, accept, type) => {
    const scrape = await app.scrape(accept === undefined ? {} : { accept })
    expect(scrape.status).toBe(200)
    expect(scrape.type).toMatch(type)
    if (type === text) expect(scrape.text).toMatch(/^# HELP [^]*\nasked_total 2\n/)
    if (type === openMetrics) expect(scrape.text).toMatch(/\nasked_total 2(\.0)?\n[^]*\n# EOF\n$/)
    if (type === protobuf) expect(scrape.bytes.includes('asked_total')).toBe(true)
  })
})

describe('the encoding', () => {
  test.each([
    ['nothing', undefined, undefined],
    ['nothing in it', '', undefined],
    ['Prometheus', 'gzip', 'gzip'],
    ['a browser', 'gzip, deflate, br, zstd', 'gzip'],
    ['whatever there is', '*', 'gzip'],
    ['capitals', 'GZIP;Q=1', 'gzip'],
    ['gzip as the least', 'br, gzip;q=0.1', 'gzip'],
    ['no gzip', 'gzip;q=0', undefined],
    ['anything but gzip', '*, gzip;q=0.0', undefined],
    ['rather no encoding', 'identity, gzip;q=0.5', undefined],
    ['others', 'br, zstd', undefined],
    ['identity', 'identity', undefined],
  ])('for %s: %s', async (_who, acceptEncoding, encoding) => {
    const plain = await app.scrape({ query: '?name[]=asked_total' })
    for (const accept of [accepts.text, accepts.openMetrics, accepts.protobuf]) {
      const scrape = await app.scrape({ accept, ...(acceptEncoding !== undefined && { acceptEncoding }) })
      expect(scrape.status).toBe(200)
      expect(scrape.headers['content-encoding']).toBe(encoding)
      if (accept === accepts.text) expect(scrape.text).toContain(plain.text)
    }
  })

  test('a HEAD is answered as the GET would be, without the body', async () => {
    const head = await app.scrape({ method: 'HEAD', accept: accepts.openMetrics, acceptEncoding: 'gzip' })
    expect(head.status).toBe(200)
    expect(head.type).toMatch(openMetrics)
    expect(head.headers['content-encoding']).toBe('gzip')
    expect(head.bytes.length).toBe(0)
  })

  test('a cache between must keep the answers apart', async () => {
    const { headers } = await app.scrape()
    const varies = String(headers.vary)
      .split(',')
      .map((name) => name.trim().toLowerCase())
    expect(varies).toEqual(expect.arrayContaining(['accept', 'accept-encoding']))
  })
})

describe('name[]', () => {
  const families = async (query: string, accept: string = accepts.text): Promise<string[]> => {
    const { text: body } = await app.scrape({ query, accept })
    return [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
  }

  test.each([
    ['?name[]=asked_total', ['asked_total']],
    ['?name%5B%5D=asked_depth', ['asked_depth']],
    ['?name[]=asked_total&name[]=asked_depth&name[]=asked_total', ['asked_depth', 'asked_total']],
    ['?name[]=no_such_metric', []],
    ['?name[]=asked', ['asked_total']],
    ['?name[]=aske', []],
    ['?name[]=asked_total&other=1', ['asked_total']],
  ])('%s leaves %j', async (query, names) => {
    expect(await families(query)).toEqual(names)
  })

  test.each(['?', '?other=1', '?name=asked_total'])('%s filters nothing', async (query) => {
    expect(await families(query)).toEqual(await families(''))
  })

  test('holds for each format', async () => {
    expect(await families('?name[]=asked_total', accepts.openMetrics)).toEqual(['asked'])
    const { text: empty } = await app.scrape({ query: '?name[]=no_such_metric', accept: accepts.openMetrics })
    expect(empty).toBe('# EOF\n')
    const { bytes } = await app.scrape({ query: '?name[]=asked_total', accept: accepts.protobuf })
    expect(bytes.includes('asked_total')).toBe(true)
    expect(bytes.includes('asked_depth')).toBe(false)
  })
})
