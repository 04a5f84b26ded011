/** Where envelopes of one project go, and the key to show there. */
export interface Dsn {
  readonly url: URL
  readonly key: string
}

/** `https://key@host:port/path/project`, as a project's settings show it; undefined for what is none. */
export function dsnOf(text: string): Dsn | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, host, pathname } = new URL(text)
  const found = /^(.*)\/(\d+)\/?$/.exec(pathname)
  if (!/^https?:$/.test(protocol) || !/^[\w-]+$/.test(username) || host === '' || found === null)
    return undefined
  return { url: new URL(`${protocol}//${host}${found[1]}/api/${found[2]}/envelope/`), key: username }
}

export function isDsn(value: unknown): boolean {
  return typeof value === 'string' && dsnOf(value) !== undefined
}
