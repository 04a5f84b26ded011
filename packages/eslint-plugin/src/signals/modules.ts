/** What a value that comes out of a known module is. */
export type Origin =
  /** Writes events by its methods. */
  | 'logger'
  /** Returns a logger when it is called or constructed. */
  | 'logger factory'
  /** Takes errors by its methods, for a tracker. */
  | 'tracker'
  /** Is a tracker's method. */
  | 'report function'
  /** Returns a metric when it is called or constructed. */
  | 'metric factory'
  | 'metric'
  | 'span'

interface Module {
  /** What `import x from` and `require()` give. */
  readonly whole?: Origin
  /** What each export is; `*` is for all others. */
  readonly exports?: Readonly<Record<string, Origin>>
}

const tracker: Module = {
  whole: 'tracker',
  exports: {
    captureException: 'report function',
    captureMessage: 'report function',
    captureEvent: 'report function',
    addBreadcrumb: 'report function',
  },
}
const makesLoggers: Module = { whole: 'logger factory', exports: {} }

/** Libraries that backends tell what happened by. A name that ends in `/*` stands for all packages of a scope. */
export const modules: Readonly<Record<string, Module>> = {
  telltale: {
    exports: {
      getLogger: 'logger factory',
      counter: 'metric factory',
      gauge: 'metric factory',
      histogram: 'metric factory',
      summary: 'metric factory',
    },
  },
  'telltale/sentry': tracker,
  'telltale/fastify': { exports: { fastifyLogger: 'logger factory' } },
  'telltale/pino': makesLoggers,
  pino: { whole: 'logger factory', exports: { pino: 'logger factory' } },
  winston: { whole: 'logger', exports: { createLogger: 'logger factory', loggers: 'logger factory' } },
  bunyan: { whole: 'logger factory', exports: { createLogger: 'logger factory' } },
  '@nestjs/common': { exports: { Logger: 'logger factory', ConsoleLogger: 'logger factory' } },
  'nestjs-pino': { exports: { Logger: 'logger factory', PinoLogger: 'logger factory' } },
  log4js: { exports: { getLogger: 'logger factory' } },
  tslog: { exports: { Logger: 'logger factory' } },
  consola: { whole: 'logger', exports: { consola: 'logger', createConsola: 'logger factory' } },
  loglevel: { whole: 'logger', exports: { getLogger: 'logger factory' } },
  signale: { whole: 'logger', exports: { Signale: 'logger factory' } },
  npmlog: { whole: 'logger' },
  roarr: { exports: { Roarr: 'logger' } },
  debug: { whole: 'logger factory' },
  '@logtape/logtape': { exports: { getLogger: 'logger factory' } },
  loglayer: { exports: { LogLayer: 'logger factory' } },
  '@aws-lambda-powertools/logger': { exports: { Logger: 'logger factory' } },
  '@sentry/*': tracker,
  '@bugsnag/js': { whole: 'tracker' },
  rollbar: { whole: 'tracker' },
  newrelic: { whole: 'tracker', exports: { noticeError: 'report function' } },
  '@honeybadger-io/js': { whole: 'tracker' },
  'prom-client': {
    exports: {
      Counter: 'metric factory',
      Gauge: 'metric factory',
      Histogram: 'metric factory',
      Summary: 'metric factory',
    },
  },
  '@prometheus-io/client': {
    exports: {
      Counter: 'metric factory',
      Gauge: 'metric factory',
      Histogram: 'metric factory',
      Summary: 'metric factory',
    },
  },
  // What its tracers and meters make is known by the methods that make it.
  '@opentelemetry/api-logs': { exports: { getLogger: 'logger factory' } },
  'hot-shots': { whole: 'metric factory', exports: { StatsD: 'metric factory' } },
}

/** What a module gives under a name; `default` and undefined are the whole of it. */
export function originIn(source: string, name: string | undefined): Origin | undefined {
  const module = modules[source] ?? modules[source.replace(/\/.*$/, '/*')]
  if (module === undefined) return undefined
  return name === undefined || name === 'default' ? module.whole : module.exports?.[name]
}
