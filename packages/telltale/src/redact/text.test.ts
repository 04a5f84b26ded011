import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createKeyRule, keyTable } from './keys.js'
import { shapes } from './shapes.fixture.js'
import { createTextRule } from './text.js'

// A rule that is not linear needs many minutes for the hostile texts; a busy machine needs some seconds.
vi.setConfig({ testTimeout: 60_000 })

const isSecretKey = createKeyRule()
const screen = createTextRule(isSecretKey)

describe('the value rule', () => {
  test.each(shapes)('$name', ({ example, shown }) => {
    expect(screen(example)).toBe(shown)
    expect(screen(shown), 'what is screened stays as it is').toBe(shown)
  })

  test.each([
    ['bearer %61', 'bearer [REDACTED]'],
    ['    at charge (/app/src/auth-token.ts:12:5)', '    at charge (/app/src/auth-token.ts:12:5)'],
    ['file:///app/secret.mjs:10 threw', 'file:///app/secret.mjs:10 threw'],
    ['see src/password.cjs:12', 'see src/password.cjs:12'],
    ['password.js:hunter2', 'password.js:[REDACTED]'],
    ['secret.ts:12:5:abc', 'secret.ts:[REDACTED]'],
    ['secret.ts=12', 'secret.ts=[REDACTED]'],
    ['?authorization=Bearer%20abc.d&x=1', '?authorization=[REDACTED]&x=1'],
    ['token: Bearer abc123', 'token: [REDACTED] [REDACTED]'],
    ['https://key@o1.ingest.example/7', 'https://[REDACTED]@o1.ingest.example/7'],
    ['postgres://u:p/ss#w@host/db', 'postgres://[REDACTED]@host/db'],
    ['a://u:p@h1 b://u:p@h2/x@y', 'a://[REDACTED]@h1 b://[REDACTED]@h2/x@y'],
    ['password = "a \\" b" c', 'password = "[REDACTED]" c'],
    ["PASSWORD 'x'; password='it''s' z", "PASSWORD 'x'; password='[REDACTED]' z"],
    ['{"password":"a\\\\","b":1}', '{"password":"[REDACTED]","b":1}'],
    ['{"password" : \n "a"}', '{"password" : \n "[REDACTED]"}'],
    ['{"password":"cut off', '{"password":"[REDACTED]'],
    ['{"credentials":{"a":"}","b":[1', '{"credentials":"[REDACTED]"'],
    ['{\\"token\\":{\\"a\\":\\"}\\"},\\"b\\":1}', '{\\"token\\":\\"[REDACTED]\\",\\"b\\":1}'],
    ['{"a":"{\\"pin\\":1}","b":2}', '{"a":"{\\"pin\\":\\"[REDACTED]\\"}","b":2}'],
    ['%7B%22pin%22%3A%22x%22%2C%22a%22%3A1%7D', '%7B%22pin%22%3A%22[REDACTED]%22%2C%22a%22%3A1%7D'],
    ['next=%2Fx%3Ftoken%3Dabc%26y%3D1&z=2', 'next=%2Fx%3Ftoken%3D[REDACTED]%26y%3D1&z=2'],
    ['?pass%77ord=a&b=c', '?pass%77ord=[REDACTED]&b=c'],
    ['Server=x;Password=a,b;User=sa', 'Server=x;Password=[REDACTED];User=sa'],
    ['password=p&ss,w;rd) end', 'password=[REDACTED]) end'],
    ['authorization: Digest a="b", c="d"\nhost: x', 'authorization: [REDACTED]\nhost: x'],
    ['GET / HTTP/1.1\\r\\nCookie: a; b\\r\\nHost: x', 'GET / HTTP/1.1\\r\\nCookie: [REDACTED]\\r\\nHost: x'],
    ['curl -H "Authorization: Basic x y" -v', 'curl -H "Authorization: [REDACTED]" -v'],
    ["{ 'set-cookie': [ 'a=b; c' ], d: 1 }", "{ 'set-cookie': '[REDACTED]', d: 1 }"],
    ['Key (password)=(hun)ter2) already exists.', 'Key (password)=([REDACTED]) already exists.'],
    ['Key (email, password)=(a, b c) exists', 'Key (email, password)=([REDACTED]) exists'],
    ['cookie=a=b; c=d', 'cookie=[REDACTED]'],
    ['x -----BEGIN EC KEY-----\na\n-----END EC KEY----- y', 'x [REDACTED] y'],
    ['total_tokens: 12, tokens=abc', 'total_tokens: 12, tokens=[REDACTED]'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789 xoxb-1234567890-abc', '[REDACTED] [REDACTED]'],
    ['sk-proj-abcdefghijklmnop whsec_abcdefghijklmnop', '[REDACTED] [REDACTED]'],
    ['https://hooks.slack.com/services/T0/B0/abcdefghijklmnopqrstuvwx', 'https://[REDACTED]'],
    ['eyJhbGciOiJub25lIn0.e30.', '[REDACTED].'],
    ['1x4111111111111111, 4111111111111111', '1x4111111111111111, [REDACTED]'],
  ])('%s', (text, shown) => {
    expect(screen(text)).toBe(shown)
  })

  test.each([
    ...[
      '',
      'u_18',
      'math',
      '3f2b8c1e-7a4d-4e9b-9c1a-0d5e6f7a8b9c',
      '4bf92f3577b34da6a3ce929d0e0e4736',
      '1764000000000',
    ],
    ...[
      '2026-11-23T03:41:53.123Z',
      '12:30:45',
      'assessment_submission_started',
      'src/payments.ts:41:11',
      '50%',
      '100 % sure',
    ],
    ...[
      'Basic plan upgraded',
      'basic mathematics',
      'The bearer of bad news',
      'WWW-Authenticate: Bearer realm="x"',
    ],
    ...[
      'bearer token missing',
      'Unexpected token } in JSON at position 5',
      'password must have 8 characters',
      'the secretary: bob',
    ],
    ...[
      'https://medium.com/@user/a-story',
      'http://localhost:5173/@vite/client',
      'http://[::1]:3000/@vite',
      'bob@example.com',
    ],
    ...[
      'https://api.example/v1/things?page=2&limit=50#top',
      'page_token=abc',
      'token_type: bearer',
      'max_tokens=512',
      'a == b',
    ],
    ...[
      'TypeError: x is not a function\n    at y (/app/src/z.ts:1:2)',
      'cookie_consent=yes',
      'key: value',
      'a bad token_type: x',
      '{"id":1,"name":"x"}',
    ],
    ...[
      'node_modules/@scope/package/dist/index.js',
      '--- a/file +++ b/file',
      '----------',
      'eyJpZCI6MTIzfQ',
      'password=',
      'token: ',
    ],
    ...[
      'GET /orders?card=visa 200',
      'order_4111111111111111',
      'select * from users where id = $1',
      'C++ a::b',
      '::1',
      '10.0.0.1',
    ],
  ])('%s passes', (text) => {
    expect(screen(text)).toBe(text)
  })

  test('words of any kind pass', () => {
    const harmless = fc.constantFrom(
      'user',
      'saved',
      '42',
      'a_204',
      'math',
      '/x/y',
      'process_name',
      'done.',
      '(ok)',
      '→',
      '7 ms',
    )
    fc.assert(
      fc.property(fc.array(harmless), fc.constantFrom(' ', ', ', '\n'), (words, gap) => {
        expect(screen(words.join(gap))).toBe(words.join(gap))
      }),
    )
  })

  test('a card number stays where the caller says so, nothing else does', () => {
    expect(screen('4111111111111111 token=a', 'order_id')).toBe('4111111111111111 token=[REDACTED]')
  })
})

const secretKeys = [...keyTable.words, ...keyTable.pairs.map((pair) => pair.replace(' ', '_'))]
const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789']
/** No text holds it by chance. */
const planted = fc
  .string({ unit: fc.constantFrom(...alphabet), minLength: 12, maxLength: 40 })
  .map((text) => `zQ7${text}`)
const punctuated = fc
  .tuple(planted, fc.constantFrom('', '!', '#', '/', '+', '.', '~', '^', '|', '$'))
  .map(([a, b]) => a + b + a)

const plant: Record<string, (secret: string, key: string) => string> = {
  bearer: (secret) => `Bearer ${secret}`,
  basic: (secret) => `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
  jwt: (secret) => `eyJhbGciOiJIUzI1NiJ9.${secret.replace(/\W/g, '')}.${secret.replace(/\W/g, '')}`,
  url: (secret) => `postgres://user:${encodeURIComponent(secret)}@host/db`,
  query: (secret, key) => `/x?a=1&${key}=${encodeURIComponent(secret)}&b=2`,
  encodedKey: (secret, key) => `/x?a%5B${key}%5D=${encodeURIComponent(secret)}&b=2`,
  nestedQuery: (secret, key) => `/x?to=${encodeURIComponent(`/y?${key}=${secret}&c=1`)}&b=2`,
  equals: (secret, key) => `${key}=${secret}`,
  spacedEquals: (secret, key) => `${key} = ${secret}`,
  colon: (secret, key) => `${key}: ${secret}`,
  json: (secret, key) => JSON.stringify({ a: 1, [key]: secret, b: 2 }),
  prettyJson: (secret, key) => JSON.stringify({ a: 1, [key]: { c: [secret, { d: secret }] }, b: 2 }, null, 2),
  jsonInJson: (secret, key) => JSON.stringify({ body: JSON.stringify({ a: '"\\', [key]: `"${secret}` }) }),
  jsonInJsonInJson: (secret, key) => JSON.stringify(JSON.stringify(JSON.stringify({ [key]: `x"${secret}` }))),
  cutJson: (secret, key) => JSON.stringify({ a: 1, [key]: [`"${secret}`] }).slice(0, -3),
  single: (secret, key) => `{ '${key}': '${secret}', b: 2 }`,
  header: (secret) => `Cookie: a=1; b="${secret}"; c=${secret}`,
  setCookie: (secret) => `set-cookie: a=${secret}; Path=/, b=${secret}`,
  digest: (secret) => `Proxy-Authorization: Digest username="x", response="${secret}"`,
  rawHeader: (secret) => JSON.stringify(`GET / HTTP/1.1\r\nAuthorization: Custom a ${secret}\r\nHost: x`),
  pem: (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  escapedPem: (secret) => `-----BEGIN RSA PRIVATE KEY-----\\n${secret}\\n-----END RSA PRIVATE KEY-----`,
  cutPem: (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}`,
  stripe: (secret) => `sk_live_${secret.replace(/\W/g, '')}`,
  gitlab: (secret) => `glpat-${secret.replace(/\W/g, '')}`,
}

describe('planted secrets', () => {
  test.each(Object.entries(plant))('%s never comes through, whatever stands around it', (_name, shape) => {
    const around = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.lorem(),
      fc.json(),
      fc.webUrl({ withQueryParameters: true }),
    )
    fc.assert(
      fc.property(
        punctuated,
        fc.constantFrom(...secretKeys),
        around,
        around,
        (secret, key, before, after) => {
          const out = screen(`${before} ${shape(secret, key)} ${after}`)
          for (const form of [secret.slice(0, 12), encodeURIComponent(secret).slice(-12)])
            expect(out).not.toContain(form)
          expect(out).toContain('[REDACTED]')
        },
      ),
      { numRuns: 200 },
    )
  })

  test('any text is screened without throwing, and screening it again changes nothing that was clean', () => {
    const bits = fc.constantFrom(
      'password',
      '=',
      ':',
      '"',
      "'",
      '\\',
      '{',
      '[',
      ']',
      '}',
      '%22',
      '%3A',
      '%3D',
      '%',
      '@',
      '://',
      'eyJ',
      '.',
      '-----BEGIN',
      'Bearer ',
      '4111',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
        const out = screen(parts.join(''))
        expect(typeof out).toBe('string')
        if (!out.includes('[REDACTED]')) expect(out).toBe(parts.join(''))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hostile texts', () => {
  const size = 200_000
  test.each([
    ...[
      'a',
      ' ',
      '=',
      ':',
      'password',
      'password=',
      'password:',
      'a=',
      '"',
      "'",
      '\\',
      '\\"',
      '{',
      '[',
      '"password":{',
      '%',
      '%3D',
      '%22',
    ],
    ...[
      'eyJ',
      'eyJ.',
      '-eyJ',
      '.',
      '-',
      '-----BEGIN',
      '-----BEGIN-----END',
      'Bearer ',
      'basic  ',
      'bearer%20',
      '://',
      'a://b:c/',
      '@',
    ],
    ...[
      'a://@',
      'a:b@',
      '4',
      '4 ',
      '4111 ',
      '4111-',
      '41111 ',
      'AKIA',
      'sk_live_',
      'sk-',
      'xox',
      'hooks.slack.com/services/',
      '&a',
      ';',
    ],
    ...[
      'password=,',
      'cookie:',
      '"cookie: \n',
      '\\"cookie: a\n',
      "cookie: '",
      'a"b',
      'key ',
      'api key',
      '1.',
      '1:',
      '(',
      ')=',
      '(password)=(',
      'a.b@',
      'f:',
    ],
  ])('%j many times is screened in one pass', (part) => {
    const text = part.repeat(size / part.length)
    const all = createTextRule(isSecretKey, { pii: true })
    for (const each of [
      text,
      `password${text}`,
      `${text}password=x`,
      `{"password":${text}`,
      `${text}@${text}`,
    ]) {
      expect(typeof all(each)).toBe('string')
    }
  })
})

describe('patterns', () => {
  test('every match goes, whatever the flags, and no position is kept between texts', () => {
    for (const flags of ['', 'g', 'y', 'gy', 'i']) {
      const pattern = new RegExp('order-\\d+', flags)
      const own = createTextRule(isSecretKey, { patterns: [pattern] })
      pattern.lastIndex = 3
      for (let i = 0; i < 3; i++) expect(own('an order-1 and order-22')).toBe('an [REDACTED] and [REDACTED]')
      expect(pattern.lastIndex).toBe(3)
    }
  })

  test('a pattern that matches nothing leaves the text', () => {
    expect(createTextRule(isSecretKey, { patterns: [/x*/] })('abc')).toBe('abc')
  })

  test('a pattern that fails takes the whole text', () => {
    const broken = {
      get source(): string {
        throw new Error('broken')
      },
      flags: '',
    } as RegExp
    expect(createTextRule(isSecretKey, { patterns: [broken] })('abc')).toBe('[REDACTED]')
  })
})

describe('pii', () => {
  const pii = createTextRule(isSecretKey, { pii: true })
  test.each([
    ['mail bob.x+y@mail.example.com, please', 'mail [REDACTED], please'],
    ['<zoë@exämple.org>', '<[REDACTED]>'],
    ['from 10.0.0.1:443 to 2001:db8::1.', 'from [REDACTED]:443 to [REDACTED].'],
    ['::ffff:10.0.0.1', '[REDACTED]'],
  ])('%s', (text, shown) => {
    expect(pii(text)).toBe(shown)
  })

  test.each([
    'bob@localhost',
    '@scope/name',
    'version 1.2.3',
    '1.2.3.4.5',
    '999.1.1.1',
    '12:30:45',
    'a: b',
    'std::vector',
  ])('%s passes', (text) => {
    expect(pii(text)).toBe(text)
  })
})
