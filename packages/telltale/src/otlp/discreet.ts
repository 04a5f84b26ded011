import type { Target } from './settings.js'

// What is shorter stands in ordinary words.
const leastSecret = 6

/** A collector may repeat what it was sent: a text without the header values, credentials, path and query of its target. */
export function withoutSecrets(text: string, { headers, url }: Pick<Target, 'headers' | 'url'>): string {
  const secrets = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).flatMap(withDecoded)]),
    ...basic(url),
    ...queryValues(url),
    // Longer than what every path has.
    ...url.pathname.split('/').filter((segment) => segment.length > 'metrics'.length),
  ].flatMap((secret) => [secret, decoded(secret), encodeURIComponent(secret)])
  const passwords = [url.password, decoded(url.password)].filter((each) => each !== '').map(asWord)
  const anywhere = secrets.filter((secret) => secret.length >= leastSecret).map(escaped)
  // The longest first: one may be a part of another.
  const forms = [...new Set([...anywhere, ...passwords])].toSorted((a, b) => b.length - a.length)
  return forms.length === 0 ? text : text.replace(new RegExp(forms.join('|'), 'g'), '[REDACTED]')
}

/** User and password, and the two as the header that is made of them. */
function basic({ username, password }: URL): string[] {
  if (username === '' && password === '') return []
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`)
  return [username, password, unpadded(pair.toString('base64')), pair.toString('base64url')]
}

/** As they are written, which may be another form than the one they stand for. */
function queryValues({ search, searchParams }: URL): string[] {
  const written = search.slice(1).split('&')
  return [...written.map((pair) => pair.slice(pair.indexOf('=') + 1)), ...searchParams.values()]
}

/** A header's word, and the user and the password that it may hold in base64. */
function withDecoded(word: string): string[] {
  const pair = Buffer.from(word, 'base64').toString()
  const at = pair.indexOf(':')
  return at < 0 ? [word] : [word, unpadded(word), pair, pair.slice(at + 1)]
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, '')
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
