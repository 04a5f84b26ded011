import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeyRule, keyTable } from './keys.js'

const isSecretKey = createKeyRule()
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** The ways in which people write one key. */
function spellings(words: readonly string[]): string[] {
  return [
    words.join('_'),
    words.join('-'),
    words.join('.'),
    words.join(' '),
    words.join('_').toUpperCase(),
    words.map(capital).join('-'),
    words.map(capital).join(''),
    words.map((word, index) => (index === 0 ? word : capital(word))).join(''),
  ]
}

describe('the key rule', () => {
  test.each([...keyTable.words])('%s is secret in every spelling, alone and in company', (word) => {
    for (const key of [[word], [`${word}s`], ['user', word], ['x', word, 'hash'], [word, 'value']].flatMap(
      spellings,
    )) {
      if (!keyTable.passing.some((passing) => passing === key)) expect(isSecretKey(key), key).toBe(true)
    }
    expect(isSecretKey(`${word}2`)).toBe(true)
    expect(isSecretKey(`user_${word}_1`)).toBe(true)
  })

  test.each([...keyTable.pairs])('%s is secret as neighbouring words', (pair) => {
    const words = pair.split(' ')
    for (const key of [words, ['my', ...words], [...words, 'old']].flatMap(spellings)) {
      expect(isSecretKey(key), key).toBe(true)
    }
    expect(isSecretKey(`${pair}s`)).toBe(true)
    expect(isSecretKey(words.join('_of_')), 'apart they pass').toBe(words.includes('secret'))
  })

  test.each([...keyTable.contained])('%s is secret inside any word', (text) => {
    expect(isSecretKey(`my${text}x`)).toBe(true)
    expect(isSecretKey(`MY${text.toUpperCase()}X`)).toBe(true)
    expect(isSecretKey(`${text.slice(0, 3)}_${text.slice(3)}`)).toBe(true)
  })

  test.each([...keyTable.passing])('%s passes in every spelling', (key) => {
    for (const each of spellings(key.split('_'))) expect(isSecretKey(each), each).toBe(false)
  })

  test.each([
    ...[
      'password1',
      'APIKey',
      'apiKEY',
      'userSSN',
      'userJWTs',
      'x-api-key',
      'XSRF-TOKEN',
      'pwd2',
      'set-cookie',
      'Cookie',
    ],
    ...[
      'proxy-authorization',
      'Proxy-Authorization',
      'connect.sid',
      'DATABASE_URL',
      'databaseUrl',
      'PGPASSWORD',
    ],
    ...[
      'AWS_SECRET_ACCESS_KEY',
      'aws.accessKeyId',
      'oauth2_token',
      'id_token',
      'cardNumber',
      'user[password]',
      'clientSecret',
    ],
    ...[
      'ｐａｓｓｗｏｒｄ',
      'pass\u200bword',
      '$token',
      'private_key_pem',
      'STRIPE_API_KEYS',
      'refreshToken',
      'otpCode',
    ],
  ])('%s is secret', (key) => {
    expect(isSecretKey(key)).toBe(true)
  })

  test.each([
    ...[
      'process_name',
      'className',
      'mapping',
      'spinner',
      'author',
      'tokenizer',
      'tokenizer_name',
      'secretary',
      'secretary_id',
    ],
    ...[
      'user_id',
      'key',
      'keys',
      'primary_key',
      'keyboard',
      'monkey',
      'session_count',
      'id',
      'card',
      'number',
      'account_id',
    ],
    ...[
      'sidebar',
      'inside',
      'spin',
      'pinned',
      'opinion',
      'shipping',
      'bypass',
      'compass',
      'mfaction',
      'cvcount',
      'url',
      '',
    ],
    ...['12', '__proto__', 'constructor', 'authors', 'authority', 'passing', 'connection', 'string', '名前'],
  ])('%s passes', (key) => {
    expect(isSecretKey(key)).toBe(false)
  })

  test('tokens pass with a number, whatever else is secret does not', () => {
    expect(isSecretKey('tokens', 12)).toBe(false)
    expect(isSecretKey('reply_tokens', 12n)).toBe(false)
    expect(isSecretKey('tokens')).toBe(true)
    expect(isSecretKey('tokens', '12')).toBe(true)
    expect(isSecretKey('token', 12)).toBe(true)
    expect(isSecretKey('password_tokens', 12)).toBe(true)
  })

  test('keys adds words and whole keys, allow takes whole keys away', () => {
    const own = createKeyRule({
      keys: ['email', 'line2', 'home_address', '§'],
      allow: ['email_verified', 'sessionId'],
    })
    for (const key of ['email', 'user_email', 'userEmail', 'homeAddress', 'my_home_address', 'line2', '§']) {
      expect(own(key), key).toBe(true)
    }
    for (const key of ['email_verified', 'emailVerified', 'session_id', 'address', 'line', 'line1', '§§']) {
      expect(own(key), key).toBe(false)
    }
    expect(own('password')).toBe(true)
  })

  test('of the same key in both, keys wins', () => {
    expect(createKeyRule({ keys: ['plan'], allow: ['plan'] })('plan')).toBe(true)
    expect(createKeyRule({ keys: ['tokenizer'] })('tokenizer')).toBe(true)
  })

  test('a key of any length is judged by its ends', () => {
    expect(isSecretKey(`${'a_'.repeat(1e6)}password`)).toBe(true)
    expect(isSecretKey(`password${'_a'.repeat(1e6)}`)).toBe(true)
    expect(isSecretKey('a_'.repeat(1e6))).toBe(false)
  })

  test('any key gets the same verdict twice, without throwing', () => {
    const rule = createKeyRule()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (key) => {
        expect(rule(key)).toBe(createKeyRule()(key))
        expect(rule(key)).toBe(rule(key))
      }),
    )
  })

  test('more keys than the cache holds are judged all the same', () => {
    const rule = createKeyRule()
    for (let i = 0; i < 10_000; i++) rule(`field_${i}`)
    expect(rule('password')).toBe(true)
    expect(rule('field_1')).toBe(false)
  })
})
