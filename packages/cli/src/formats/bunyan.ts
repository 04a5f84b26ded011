import { createPicker, placeOf } from './entry.js'
import { readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'
import { readRequest } from './requests.js'

/** bunyan: pino's ancestor, told by `v: 0`; `src` is where the call stands. */
export const bunyan = {
  name: 'bunyan',
  matches: ({ v, level, name }) => v === 0 && typeof level === 'number' && typeof name === 'string',
  normalise(entry, requests) {
    const picker = createPicker(entry)
    picker.drop('v', 'pid')
    const told = readHead(picker, {
      timestamp: ['time'],
      level: ['level'],
      logger: ['component', 'name'],
      event: ['msg'],
      instance: ['hostname'],
    })
    // With a component, the name is the service's.
    const service = told.service ?? picker.text('name')
    const parts = {
      req: picker.value('req'),
      res: picker.value('res'),
      took: picker.number('latency', 'responseTime', 'duration'),
    }
    const { head, fields } = readRequest({ ...told, service }, parts, requests)
    const place = placeOf(picker.value('src'), 'func')
    const error = readError(picker.value('err'))
    return [writeLine(head, [...fields, ...picker.rest(), ...place], error)]
  },
} satisfies Format<'bunyan'>
