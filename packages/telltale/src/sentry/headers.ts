import { sdkVersion, userAgent } from '../exit/sdk-version.js'
import type { Dsn } from './dsn.js'

/** The headers of every envelope: the key is none of the URL's, which proxies write down. */
export function headersOf({ key }: Dsn): Record<string, string> {
  return {
    'user-agent': userAgent,
    'x-sentry-auth': `Sentry sentry_version=7, sentry_client=telltale/${sdkVersion}, sentry_key=${key}`,
    'content-type': 'application/x-sentry-envelope',
  }
}
