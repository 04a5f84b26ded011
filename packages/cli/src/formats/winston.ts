import { createPicker } from './entry.js'
import { errorOfParts, readError } from './error.js'
import type { Format } from './format.js'
import { levelOf } from './level.js'
import { readHead, writeLine } from './line.js'

/** winston's `format.json()`: `level` and `message` as text, `timestamp` and `stack` where those formats are in use. */
export const winston = {
  name: 'winston',
  matches: ({ level, message }) =>
    typeof level === 'string' && typeof message === 'string' && levelOf(level) !== undefined,
  normalise(entry) {
    const picker = createPicker(entry)
    const head = readHead(picker, {
      timestamp: ['timestamp', 'time', 'ts'],
      level: ['level'],
      logger: ['logger', 'logger_name', 'label', 'module'],
      event: ['message'],
    })
    const stack = picker.text('stack')
    const given = readError(picker.value('error', 'err', 'exception'))
    const cause = stack === undefined ? undefined : readError(picker.value('cause'))
    const error =
      given ?? errorOfParts(undefined, undefined, stack, cause === undefined ? undefined : { cause })
    return [writeLine(head, picker.rest(), error)]
  },
} satisfies Format<'winston'>
