import { isOwnHost } from './own-hosts.js'

/** Whither a request goes. */
export interface Target {
  readonly method: string
  /** With its port where that is not the protocol's own; without credentials. Empty where it can't be told. */
  readonly host: string
  readonly path: string
  /** The proxy that is asked for it. */
  readonly via: string | undefined
}

const absolute = /^[a-z][a-z\d+.-]*:\/\//i

/** A proxy is asked for `http://host/path`: then the call is to that host, and the connection's is only on the way. */
export function targetOf(method: string, host: string, path: string): Target {
  if (!absolute.test(path)) return { method, host, path, via: undefined }
  return { method, host: hostOf(path), path, via: host }
}

/** The host of a URL or origin, with its port, without credentials; empty where it is none. */
export function hostOf(url: string | URL): string {
  try {
    return new URL(url).host
  } catch {
    return ''
  }
}

/** Whether ids may go to where the request goes, and to whoever passes it on. */
export function isOwnTarget({ host, via }: Target, also: readonly string[]): boolean {
  return isOwn(host, also) && (via === undefined || isOwn(via, also))
}

function isOwn(host: string, also: readonly string[]): boolean {
  return isOwnHost(host.replace(/:\d+$/, ''), also)
}
