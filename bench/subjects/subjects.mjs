/** Every subject there is: what it tells, and where it is measured. */
export const subjects = {
  request: {
    summary: 'What observing a request costs on Fastify and Express, against the usual glue and bare.',
    load: () => import('./request.mjs'),
  },
  start: {
    summary: 'What importing the SDK and setup() add to the start of a process.',
    load: () => import('./start.mjs'),
  },
  logging: {
    summary:
      'What one event costs against pino, winston, LogTape, evlog and structlog; what a stalled reader does.',
    load: () => import('./logging.mjs'),
  },
  metrics: {
    summary:
      "What counting, observing and scraping cost against prom-client, its successor and OpenTelemetry's exporter.",
    load: () => import('./metrics.mjs'),
  },
  tracing: {
    summary:
      "What spans, flows and their export cost against OpenTelemetry's Node SDK; what a collector that is down does.",
    load: () => import('./tracing.mjs'),
  },
  errors: {
    summary: 'What the Sentry reporter costs without errors, with them and in a storm, against @sentry/node.',
    load: () => import('./errors.mjs'),
  },
  health: {
    summary:
      'What a probe costs, whether it stays quick while dependencies are toxic, and what the checks behind it cost.',
    load: () => import('./health.mjs'),
  },
  lint: {
    summary:
      'What the lint rules find of what is labelled, in ESLint and oxlint; what they add to a run of either.',
    load: () => import('./lint.mjs'),
  },
}
