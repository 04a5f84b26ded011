/**
 * Every shape of secret that the value rule knows, as a text with a place for the secret. The tests plant secrets in
 * them, docs/redaction.md lists them: not part of the running SDK.
 */
export const shapes: readonly { name: string; example: string; shown: string }[] = [
  {
    name: 'JSON Web Token',
    example: 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    shown: 'got [REDACTED]',
  },
  { name: '`Bearer …`', example: 'sent Bearer abc.123', shown: 'sent Bearer [REDACTED]' },
  { name: '`Basic …`', example: 'sent basic dXNlcjpwYXNz', shown: 'sent basic [REDACTED]' },
  {
    name: 'credentials in a URL',
    example: 'postgres://app:pw@db/main',
    shown: 'postgres://[REDACTED]@db/main',
  },
  { name: 'secret query parameter', example: '/reset?token=abc&x=1', shown: '/reset?token=[REDACTED]&x=1' },
  {
    name: 'percent-encoded query',
    example: '?user%5Bpassword%5D=abc&x=1',
    shown: '?user%5Bpassword%5D=[REDACTED]&x=1',
  },
  { name: '`key=value`', example: 'password=abc user=bob', shown: 'password=[REDACTED] user=bob' },
  { name: '`key: value`', example: 'API key: abc, next', shown: 'API key: [REDACTED], next' },
  { name: 'JSON text', example: '{"pin":1234,"a":1}', shown: '{"pin":"[REDACTED]","a":1}' },
  {
    name: 'objects in JSON text',
    example: '{"secrets":{"a":["b"]},"c":1}',
    shown: '{"secrets":"[REDACTED]","c":1}',
  },
  {
    name: 'JSON text in JSON text',
    example: '{\\"pwd\\":\\"a\\",\\"b\\":1}',
    shown: '{\\"pwd\\":\\"[REDACTED]\\",\\"b\\":1}',
  },
  { name: 'inspected object', example: "{ pwd: 'a', b: 1 }", shown: "{ pwd: '[REDACTED]', b: 1 }" },
  { name: 'header line', example: 'Cookie: a=b; c=d', shown: 'Cookie: [REDACTED]' },
  {
    name: 'PEM block, also cut off',
    example: 'key -----BEGIN PRIVATE KEY-----\\nMIIE',
    shown: 'key [REDACTED]',
  },
  { name: 'cloud key', example: 'with AKIAIOSFODNN7EXAMPLE', shown: 'with [REDACTED]' },
  { name: 'card number', example: 'card 4111 1111 1111 1111 declined', shown: 'card [REDACTED] declined' },
]
