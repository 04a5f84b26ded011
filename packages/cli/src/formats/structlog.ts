import { createPicker } from './entry.js'
import { readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'
import { readableStack } from './stack.js'

/** structlog's `JSONRenderer`: `event` and `level`; `exception` as a traceback's text or `dict_tracebacks`' list. */
export const structlog = {
  name: 'structlog',
  matches: ({ event, level, log_level, message, msg }) =>
    typeof event === 'string' &&
    (typeof level === 'string' || typeof log_level === 'string') &&
    message === undefined &&
    msg === undefined,
  normalise(entry) {
    const picker = createPicker(entry)
    const head = readHead(picker, {
      timestamp: ['timestamp', 'time', 'ts'],
      level: ['level', 'log_level'],
      logger: ['logger', 'logger_name'],
      event: ['event'],
    })
    const error = readError(picker.value('exception', 'exc_info', 'error'))
    const fields = picker.rest().filter(([key]) => !(error !== undefined && key === 'exc_info'))
    // `stack_info=True`: where the call stands, without an error.
    const stack = error === undefined ? picker.text('stack') : undefined
    const here: [string, unknown][] = stack === undefined ? [] : [['stack', readableStack(stack) ?? stack]]
    const others = fields.filter(([key]) => here.length === 0 || key !== 'stack')
    return [writeLine(head, [...others, ...here], error)]
  },
} satisfies Format<'structlog'>
