import { hostname } from 'node:os'
import type { Identity } from '../log/pipeline.js'
import { policy } from '../redact/policy.js'
import { Environment, pairsOf } from './environment.js'
import type { Resource, Scope } from './records.js'
import { sdkVersion } from '../exit/sdk-version.js'

/** Who sends: the identity that every line has, then what `OTEL_RESOURCE_ATTRIBUTES` adds; screened. */
export function resourceOf(identity: Identity, env: NodeJS.ProcessEnv): Resource {
  const names = ['OTEL_RESOURCE_ATTRIBUTES']
  const asked = new Environment(env).read(names, 'attributes as key=value,key=value', pairsOf) ?? {}
  const own = {
    'service.name': identity.service,
    'service.version': identity.version,
    'deployment.environment.name': identity.environment,
    'service.instance.id': identity.instance,
    'telemetry.sdk.name': 'telltale',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': sdkVersion,
  }
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  return { attributes: screened({ 'process.pid': process.pid, 'host.name': hostname(), ...asked, ...given }) }
}

export const scope: Scope = { name: 'telltale', version: sdkVersion }

function screened(attributes: Record<string, unknown>): Record<string, unknown> {
  const rule = policy.current
  const screen = (key: string, value: unknown): unknown => {
    if (rule.key(key, value)) return rule.censor
    return typeof value === 'string' ? rule.text(value) : value
  }
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, screen(key, value)]))
}
