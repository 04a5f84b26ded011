/** prom-client and @prometheus-io/client, which have the same interface, as their documentation uses them. */
export function openProm({ Counter, Histogram, register }) {
  return {
    counter: (name, labelNames) => new Counter({ name, help: 'Counted.', labelNames }),
    histogram: (name, labelNames, buckets) => new Histogram({ name, help: 'Measured.', labelNames, buckets }),
    bind: (metric, labels) => metric.labels(labels),
    async scrape() {
      // What an HTTP server makes of the text before it can write it.
      return [Buffer.from(await register.metrics())]
    },
    listener(handle) {
      return async (req, res) => {
        if (req.url !== '/metrics') return handle(req, res)
        res.setHeader('Content-Type', register.contentType)
        res.end(await register.metrics())
      }
    },
  }
}
