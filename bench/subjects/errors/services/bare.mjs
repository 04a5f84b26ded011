import { createServer } from 'node:http'
import { answers } from '../handle.mjs'

const log = { debug() {}, info() {} }

export function open({ failing, kinds }) {
  return { server: createServer(answers({ log, report() {}, failing, kinds })), async close() {} }
}
