// What fails in a service is one thing or a few, again and again; of a thousand kinds none comes too often to be sent.
const [few, many] = [5, 1000]

/** Every service that is measured: its module in `services/`, and what it is opened with. */
export const services = {
  telltale: { title: 'Telltale, the reporter on', module: 'telltale', reports: true },
  unlike: { title: 'Telltale, hardly two errors alike', module: 'telltale', kinds: many, reports: true },
  off: { title: 'Telltale, the reporter off', module: 'telltale' },
  sentry: { title: 'Telltale beside @sentry/node', module: 'sentry', reports: true },
  'sentry-errors': {
    title: 'Telltale beside @sentry/node, no integrations',
    module: 'sentry',
    options: { defaultIntegrations: false },
    reports: true,
  },
  bare: { title: 'bare node:http', module: 'bare' },
}

/**
 * Opens one service in this process: a server that doesn't listen yet, and `close()`, which resolves when all that was to
 * leave has left. Every `failing`th request meets an error; 0 none does.
 */
export async function openService(name, dsn, failing) {
  const { module, reports = false, options = {}, kinds = few } = services[name]
  const { open } = await import(`./services/${module}.mjs`)
  return open({ dsn: reports ? dsn : undefined, failing, kinds, options })
}
