import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Identity } from '../log/pipeline.js'
import { pairsOf } from '../otlp/environment.js'
import type { SetupOptions } from './options.js'

/** Options over environment over what can be found out. Reads one package.json at most. */
export function identityOf(options: SetupOptions, env: NodeJS.ProcessEnv): Identity {
  const resource = pairsOf(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '') ?? {}
  const named = filled(env['SERVICE_NAME']) ?? filled(env['OTEL_SERVICE_NAME'])
  const given = {
    service: options.service ?? named ?? filled(resource['service.name']),
    version: options.version ?? filled(env['SERVICE_VERSION']) ?? filled(resource['service.version']),
  }
  const found = given.service === undefined || given.version === undefined ? ownPackage() : {}
  const environment =
    filled(env['ENVIRONMENT']) ??
    filled(env['SENTRY_ENVIRONMENT']) ??
    filled(resource['deployment.environment.name']) ??
    filled(env['NODE_ENV'])
  return {
    service: given.service ?? found.name ?? 'unknown_service',
    // A service that is named otherwise than the package has another version, too.
    version:
      given.version ??
      (given.service === undefined || given.service === found.name ? found.version : undefined),
    environment: options.environment ?? environment ?? 'development',
    instance:
      options.instance ?? filled(resource['service.instance.id']) ?? filled(env['HOSTNAME']) ?? hostname(),
  }
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

/** The package.json nearest above the script being run. */
function ownPackage(): { name?: string; version?: string } {
  const script = process.argv[1]
  if (script === undefined) return {}
  for (let folder = dirname(script), up = ''; folder !== up; up = folder, folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >
      if (typeof name === 'string') return { name, ...(typeof version === 'string' && { version }) }
    } catch {
      // No package.json here, or one that can't be read: the next folder up may have it.
    }
  }
  return {}
}
