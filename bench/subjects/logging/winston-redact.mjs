// winston with the two formats that people write: the store's fields on each event, and names replaced at any depth.
import { AsyncLocalStorage } from 'node:async_hooks'
import { context } from './event.mjs'
import { runWinston } from './winston-case.mjs'

const store = new AsyncLocalStorage()
const secrets = /^(password|token|authorization|secret|api_?key|cookie)$/i

function redacted(value) {
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== 'object' || value === null) return value
  const copy = {}
  for (const key of Object.keys(value)) copy[key] = secrets.test(key) ? '[REDACTED]' : redacted(value[key])
  return copy
}

await store.run(context, () =>
  runWinston(
    (info) => Object.assign(info, store.getStore()),
    (info) => {
      for (const key of Object.keys(info)) info[key] = secrets.test(key) ? '[REDACTED]' : redacted(info[key])
      return info
    },
  ),
)
