import { createPicker } from './entry.js'
import { errorOfParts, readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'
import { readRequest } from './requests.js'

const levelKeys = ['level', 'lvl', 'severity', 'loglevel', 'log_level', 'levelname', 'levelName']
const messageKeys = ['msg', 'message', 'event', 'text']

/** Any other logger's line, by the names most of them use: zap, zerolog, slog, logrus, python-json-logger and their kin. */
export const generic = {
  name: 'generic',
  matches: (entry) =>
    levelKeys.some((key) => typeof entry[key] === 'string' || typeof entry[key] === 'number') ||
    messageKeys.some((key) => typeof entry[key] === 'string'),
  normalise(entry, requests) {
    const picker = createPicker(entry)
    const told = readHead(picker, {
      timestamp: ['time', 'timestamp', 'ts', '@timestamp', 'date', 'datetime', 'asctime', 't'],
      level: levelKeys,
      logger: ['logger', 'logger_name', 'name', 'component', 'module', 'target'],
      event: messageKeys,
    })
    const parts = {
      req: picker.value('req'),
      res: picker.value('res'),
      took: picker.number('responseTime'),
    }
    const { head, fields } = readRequest(told, parts, requests)
    const stack = picker.text('stack', 'stacktrace', 'stack_trace')
    const given = picker.value('err', 'error', 'exception', 'exc_info')
    // Go's loggers keep the error's text and the stack apart.
    const error =
      typeof given === 'string' && !given.includes('\n')
        ? errorOfParts(undefined, given, stack)
        : (readError(given) ?? errorOfParts(undefined, undefined, stack))
    return [writeLine(head, [...fields, ...picker.rest()], error)]
  },
} satisfies Format<'generic'>
