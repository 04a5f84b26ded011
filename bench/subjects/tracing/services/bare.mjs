import { createServer } from 'node:http'
import { database, retake } from '../handle.mjs'

const step = (_name, fn) => fn()

export function open() {
  const handle = retake({ named() {}, flow: (_name, _fields, fn) => fn(step), query: database.query })
  return { server: createServer(handle), async close() {} }
}
