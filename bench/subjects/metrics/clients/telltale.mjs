import { counter, histogram, renderMetrics } from 'telltale'

const text = { type: 'text/plain' }

/** What else the endpoint is asked for, beside the text 0.0.4 as it is; and what it must answer with then. */
const ways = {
  'as OpenMetrics': {
    accept: 'application/openmetrics-text;version=1.0.0',
    type: 'application/openmetrics-text',
  },
  'as protobuf': {
    accept: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
    type: 'application/vnd.google.protobuf',
  },
  'with gzip': { ...text, acceptEncoding: 'gzip', encoding: 'gzip' },
}

const typed = (names) => Object.fromEntries(names.map((name) => [name, String]))

export function open(maxSeries) {
  return {
    counter: (name, labels) => counter(name, { help: 'Counted.', labels: typed(labels), maxSeries }),
    histogram: (name, labels, buckets) =>
      histogram(name, { help: 'Measured.', labels: typed(labels), buckets, maxSeries }),
    bind: (metric, labels) => metric.with(labels),
    ways,
    async scrape({ type, encoding, ...asked } = text) {
      const { contentType, contentEncoding, chunks } = await renderMetrics(asked)
      if (contentType.startsWith(type) && contentEncoding === encoding) return chunks
      throw new Error(`Asked for ${type} ${encoding ?? ''}, got ${contentType} ${contentEncoding ?? ''}.`)
    },
    /** Runs `run` with a request's context around it. */
    async inRequest(run) {
      const { inRequest } = await import('../../logging/in-request.mjs')
      await inRequest(run)
    },
    // As in a service: requests are logged, counted and timed, and the process metrics are on.
    async listener(handle) {
      const { setup } = await import('telltale')
      const { observeHttp } = await import('telltale/http')
      setup({ service: 'assessments', version: '1.4.0' })
      return observeHttp(handle)
    },
  }
}
