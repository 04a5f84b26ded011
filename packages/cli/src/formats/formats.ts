import { bunyan } from './bunyan.js'
import { datadog } from './datadog.js'
import { ecs } from './ecs.js'
import type { Entry } from './entry.js'
import type { Format } from './format.js'
import { gcp } from './gcp.js'
import { generic } from './generic.js'
import { otel } from './otel.js'
import { own } from './own.js'
import { pino } from './pino.js'
import { structlog } from './structlog.js'
import { winston } from './winston.js'

/** In the order they are asked: the surest marks first. */
export const formatNames = [
  'own',
  'otel',
  'bunyan',
  'pino',
  'ecs',
  'datadog',
  'gcp',
  'structlog',
  'winston',
  'generic',
] as const

export type FormatName = (typeof formatNames)[number]

const formats = {
  own,
  otel,
  bunyan,
  pino,
  ecs,
  datadog,
  gcp,
  structlog,
  winston,
  generic,
} satisfies { readonly [Name in FormatName]: Format<Name> }

/** The first format that knows the entry; undefined for an object that is no log line to any. */
export function formatOf(entry: Entry): Format<FormatName> | undefined {
  for (const name of formatNames) if (formats[name].matches(entry)) return formats[name]
  return undefined
}
