import { dsnOf } from './dsn.js'
import { headersOf } from './headers.js'
import type { PostTo } from './post-at-exit.js'
import type { SentryClient, SentrySdk } from './sdk.js'

/** What versions 10 and 11 have in common of a client's settings. */
interface Client {
  getDsn(): Record<'protocol' | 'publicKey' | 'host' | 'port' | 'path' | 'projectId', string> | undefined
  getTransport(): unknown
  getOptions(): {
    readonly enabled?: boolean
    readonly transport?: unknown
    readonly tunnel?: string
    readonly transportOptions?: { readonly headers?: Record<string, string>; readonly caCerts?: unknown }
  }
}

/** Whether a client sends what it is given. */
export function isSending(client: SentryClient): boolean {
  const { getTransport, getOptions } = client as unknown as Client
  return getTransport.call(client) !== undefined && getOptions.call(client).enabled !== false
}

/** Whether it sends by the SDK's own transport, and not by one of the service's, which may be a test's. */
export function hasOwnTransport(sdk: SentrySdk, client: SentryClient): boolean {
  const { transport } = (client as unknown as Client).getOptions()
  // By its name, too: the SDK that has been started may be its other build.
  return (
    transport === sdk.makeNodeTransport ||
    (typeof transport === 'function' && transport.name === 'makeNodeTransport')
  )
}

/** Where a client sends; undefined for a DSN or tunnel that is none. */
export function targetOf(client: SentryClient): PostTo | undefined {
  const inner = client as unknown as Client
  const { tunnel, transportOptions } = inner.getOptions()
  const { protocol, publicKey, host, port, path, projectId } = inner.getDsn() ?? {}
  const place = [port ? `${host}:${port}` : host, ...(path ? [path] : []), projectId].join('/')
  const dsn = dsnOf(`${protocol}://${publicKey}@${place}`)
  if (dsn === undefined || (tunnel && !URL.canParse(tunnel))) return undefined
  return {
    url: tunnel ? new URL(tunnel) : dsn.url,
    headers: { ...headersOf(dsn), ...transportOptions?.headers },
    ca: transportOptions?.caCerts,
  }
}
