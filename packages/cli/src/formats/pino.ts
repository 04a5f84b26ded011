import { createPicker } from './entry.js'
import { readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'
import { readRequest } from './requests.js'

/** pino: `level` a number, `time` in milliseconds or ISO, `msg`, `err`; with pino-http's and Fastify's `req` and `res`. */
export const pino = {
  name: 'pino',
  matches: ({ level, time, v }) =>
    typeof level === 'number' && (typeof time === 'number' || typeof time === 'string') && v === undefined,
  normalise(entry, requests) {
    const picker = createPicker(entry)
    const told = readHead(picker, {
      timestamp: ['time'],
      level: ['level'],
      logger: ['name', 'logger', 'module', 'component'],
      event: ['msg', 'message'],
      instance: ['hostname'],
    })
    picker.drop('pid')
    const parts = {
      req: picker.value('req', 'request'),
      res: picker.value('res', 'response'),
      took: picker.number('responseTime'),
    }
    const { head, fields } = readRequest(told, parts, requests)
    const error = readError(picker.value('err', 'error'))
    return [writeLine(head, [...fields, ...picker.rest()], error)]
  },
} satisfies Format<'pino'>
