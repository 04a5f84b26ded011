/**
 * Every client that is measured: its module in `clients/`, and how many distinct label sets are thrown at one of its
 * metrics: those without a limit would need gigabytes for a million.
 */
export const clients = {
  telltale: { title: 'Telltale', module: 'telltale', distinct: 1_000_000 },
  'prom-client': { title: 'prom-client', module: 'prom-client', distinct: 300_000 },
  '@prometheus-io': { title: '@prometheus-io/client', module: 'prometheus-io', distinct: 300_000 },
  opentelemetry: { title: 'OpenTelemetry', module: 'opentelemetry', distinct: 1_000_000 },
}

/** Those that have what Prometheus's clients have: bound children, `inc(labels)`. */
export const promClients = ['prom-client', '@prometheus-io']

export const peers = Object.keys(clients).filter((name) => name !== 'telltale')

/**
 * Opens one client in this process: `counter(name, labels)` and `histogram(name, labels, buckets)` have the client's own
 * `inc` and `observe`; `bind(metric, labels)` is a child; `scrape()` resolves to the exposition as bytes, the way its
 * endpoint makes it; `listener(handle)` is a request listener that has the endpoint and leaves the rest to `handle`. With
 * `maxSeries` a metric may have that many series where the client has a limit, else as many as by default.
 */
export async function openClient(name, { maxSeries } = {}) {
  const { open } = await import(`./clients/${clients[name].module}.mjs`)
  return open(maxSeries)
}
