const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The service to call. Throws on anything but plain HTTP on this machine: this traffic is hostile by design. */
export function loopbackTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' && LOOPBACK.test(url.hostname)) return url
  throw new Error(
    `traffic: the target must be an http:// URL on loopback (localhost, 127.0.0.0/8, [::1]), got ${JSON.stringify(text)}. ` +
      'Hostile requests and canaries are never sent to another machine.',
  )
}
