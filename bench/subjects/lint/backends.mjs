/**
 * What each backend of the corpus is written with, and the settings that its team would declare: wrappers where a logger
 * is a function of its own.
 */
export const backends = {
  assessments: { framework: 'Hono', logger: 'Telltale' },
  billing: { framework: 'Fastify', logger: 'pino' },
  booking: { framework: 'NestJS', logger: "Nest's Logger" },
  clinic: { framework: 'Express', logger: 'winston' },
  community: { framework: 'NestJS', logger: "Nest's Logger" },
  'community-hub': { framework: 'Express', logger: 'several' },
  documents: { framework: 'Koa', logger: 'its own' },
  feeds: { framework: 'BullMQ', logger: 'bunyan' },
  fleet: { framework: 'Fastify', logger: 'pino' },
  invoicing: { framework: 'NestJS', logger: 'pino' },
  logistics: { framework: 'Express', logger: 'its own' },
  marketplace: { framework: 'NestJS', logger: "Nest's Logger" },
  media: { framework: 'Hono', logger: 'its own' },
  notifier: { framework: 'Fastify', logger: 'pino' },
  payroll: { framework: 'Express', logger: 'its own' },
  shop: { framework: 'NestJS', logger: "Nest's Logger" },
  'support-desk': {
    framework: 'Koa',
    logger: 'its own',
    settings: {
      wrappers: [
        { name: 'logEvent', kind: 'log', event: 0, fields: 1 },
        { name: 'logFailure', kind: 'report', event: 0, fields: 2 },
      ],
    },
  },
  'telemetry-gateway': { framework: 'node:http', logger: 'pino' },
  tickets: { framework: 'Koa', logger: 'winston' },
  warehouse: { framework: 'Express', logger: 'winston' },
}
