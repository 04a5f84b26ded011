/** Exact paths, pino's fastest kind; the nested token of the event is named by its whole path. */
export const paths = [
  'password',
  'token',
  'authorization',
  'user.password',
  'nested.a.token',
  'nested.a.password',
]

/** What one writes where the depth isn't known: five names at three depths. */
export const wildcards = ['password', 'token', 'authorization', 'secret', 'api_key'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
])
