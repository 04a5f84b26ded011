import type { IncomingMessage } from 'node:http'
import { slot } from '../state/state.js'

export type Trust = 'all' | 'none' | ((req: IncomingMessage) => boolean)

export interface RequestOptions {
  /** Whose `x-request-id` and trace are taken over; default `'all'`. */
  readonly trust?: Trust
  /** Paths whose requests are logged at debug while they succeed. */
  readonly quiet?: readonly string[]
  /** Path templates such as `/reset/:token` whose parameters are redacted even before routing. */
  readonly secretPaths?: readonly string[]
}

interface RequestSettings {
  trust: Trust
  quiet: ReadonlySet<string>
  secretPaths: readonly (readonly string[])[]
}

export const requestSettings = slot<RequestSettings>('http.settings', () => ({
  trust: 'all',
  quiet: new Set<string>(),
  secretPaths: [],
}))

export function configureRequests(options: RequestOptions): void {
  requestSettings.trust = options.trust ?? 'all'
  requestSettings.quiet = new Set(options.quiet ?? [])
  requestSettings.secretPaths = (options.secretPaths ?? []).map((path) => path.split('/'))
}
