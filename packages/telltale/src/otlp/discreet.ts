import type { Target } from './settings.js'

// What is shorter stands in ordinary words.
const leastSecret = 6

/** A collector may repeat what it was sent: a text without the header values, credentials, path and query of its target. */
export function withoutSecrets(text: string, { headers, url }: Pick<Target, 'headers' | 'url'>): string {
  const secrets = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]),
    url.username,
    url.password,
    decoded(url.password),
    ...url.searchParams.values(),
    // Longer than what every path has.
    ...url.pathname.split('/').filter((segment) => segment.length > 'metrics'.length),
  ].filter((secret) => secret.length >= leastSecret)
  // The longest first: one may be a part of another.
  return secrets
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '[REDACTED]'), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
