import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isSecretName } from './secrets.js'

const table = readFileSync(new URL('../../../telltale/src/redact/keys.ts', import.meta.url), 'utf8')

/** The texts of one list of the SDK's table. */
function listed(name: string): string[] {
  const list = new RegExp(`^  ${name}: \\[([^\\]]*)\\]`, 'm').exec(table)?.[1] ?? ''
  return [...list.matchAll(/'([^']+)'/g)].map(([, text]) => text as string)
}

// Redacted at run time, and as a name alone no finding: a chat's session, a message's sid, whether there is an mfa.
const runTimeOnly = new Set(['mfa', 'sid', 'session id'])

test('what the SDK redacts by its words is a secret', () => {
  const names = [...listed('words'), ...listed('pairs'), ...listed('contained')]
  expect(names.length).toBeGreaterThan(30)
  const missed = names.filter((name) => !runTimeOnly.has(name) && !isSecretName(name.replaceAll(' ', '_')))
  expect(missed).toEqual([])
})

test('what passes the SDK is none', () => {
  const names = listed('passing')
  expect(names.length).toBeGreaterThan(40)
  expect(names.filter((name) => isSecretName(name))).toEqual([])
})

test.each(
  'accessToken refresh_token x-api-key clientSecret userPassword dbPassword passwordHash hashedPassword JWT_SECRET authHeader cardNumber socialSecurityNumber Set-Cookie apiKeys otpCode userPin pinCode accesstoken'.split(
    ' ',
  ),
)('%s is a secret', (name) => {
  expect(isSecretName(name)).toBe(true)
})

test.each(
  'tokenCount maxTokens tokens paymentMethodId apiKeyId tokenLength cookieConsent hasPassword isTokenValid tokenHash maskedToken sessionId tokenAddress pinned spinning secretary tokenizer nextPageToken passwordResetUrl userWithoutPassword secretArn cookieName pinDigests secretRef'.split(
    ' ',
  ),
)('%s is none', (name) => {
  expect(isSecretName(name)).toBe(false)
})
