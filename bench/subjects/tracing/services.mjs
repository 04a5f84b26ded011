/**
 * Every service that is measured: its module in `services/` and what it opens it with; how many spans a request is, how
 * many log records of it leave and how many lines it writes.
 */
export const services = {
  telltale: { title: 'Telltale, traces', module: 'telltale', exits: { logs: false }, spans: 6, lines: 3 },
  'telltale-logs': {
    title: 'Telltale, traces and logs',
    module: 'telltale',
    exits: { logs: true },
    spans: 6,
    records: 3,
    lines: 3,
  },
  'telltale-lineless': {
    title: 'Telltale, traces, no lines',
    module: 'telltale',
    exits: { logs: false, lines: false },
    spans: 6,
  },
  off: { title: 'Telltale, the exit off', module: 'telltale', lines: 3 },
  opentelemetry: { title: 'OpenTelemetry', module: 'opentelemetry', exits: {}, spans: 6 },
  'opentelemetry-pino': {
    title: 'OpenTelemetry with metrics, and pino',
    module: 'opentelemetry-pino',
    exits: {},
    spans: 6,
    lines: 3,
  },
  bare: { title: 'bare node:http', module: 'bare' },
}

/**
 * Opens one service in this process: a server that doesn't listen yet, and `close()`, which resolves when all that was
 * to leave has left. `endpoint` is the receiver's address, `rate` the share of traces that are sampled.
 */
export async function openService(name, endpoint, rate) {
  const { module, exits } = services[name]
  const { open } = await import(`./services/${module}.mjs`)
  return open(exits && { endpoint, rate, ...exits })
}
