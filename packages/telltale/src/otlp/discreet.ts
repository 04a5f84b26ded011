import type { Target } from './settings.js'

// What is shorter stands in ordinary words.
const leastSecret = 6

/** A collector may repeat what it was sent: a text without the header values, credentials, path and query of its target. */
export function withoutSecrets(text: string, { headers, url }: Pick<Target, 'headers' | 'url'>): string {
  const pairs = [...pairsIn(headers), `${decoded(url.username)}:${decoded(url.password)}`]
  const secrets = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]),
    ...pairs.flatMap((pair) => [pair, base64(pair), base64url(pair)]),
    url.username,
    url.password,
    ...queryValues(url),
    // Longer than what every path has.
    ...url.pathname.split('/').filter((segment) => segment.length > 'metrics'.length),
  ].flatMap((secret) => [secret, decoded(secret), encodeURIComponent(secret)])
  const passwords = [url.password, ...pairs.map((pair) => pair.slice(pair.indexOf(':') + 1))]
    .filter((password) => password !== '')
    .map(asWord)
  // The longest first: one may be a part of another.
  const anywhere = secrets
    .filter((secret) => secret.length >= leastSecret)
    .toSorted((a, b) => b.length - a.length)
  const forms = [...anywhere.map(escaped), ...passwords]
  return forms.length === 0 ? text : text.replace(new RegExp(forms.join('|'), 'g'), '[REDACTED]')
}

/** `user:password` of the headers that have it in base64. */
function pairsIn(headers: Target['headers']): string[] {
  const found = Object.values(headers).map((value) => /^basic\s+(\S+)/i.exec(value)?.[1])
  return found.flatMap((text) => (text === undefined ? [] : [Buffer.from(text, 'base64').toString()]))
}

// Without padding: with it, it begins alike.
function base64(pair: string): string {
  return Buffer.from(pair).toString('base64').replace(/=+$/, '')
}

function base64url(pair: string): string {
  return Buffer.from(pair).toString('base64url')
}

/** As they are written, which may be another form than the one they stand for. */
function queryValues({ search, searchParams }: URL): string[] {
  const written = search.slice(1).split('&')
  return [...written.map((pair) => pair.slice(pair.indexOf('=') + 1)), ...searchParams.values()]
}

/** However short: a password that is also a part of words is taken out where it stands alone. */
function asWord(secret: string): string {
  return `(?<!\\w)${escaped(secret)}(?!\\w)`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
