/** Exact paths, pino's fastest kind; the nested token of the event is named by its whole path. */
export const paths = [
  'password',
  'token',
  'authorization',
  'user.password',
  'nested.a.token',
  'nested.a.password',
]
