import { createPicker, flatten } from './entry.js'
import { errorOfParts, readError } from './error.js'
import type { Format } from './format.js'
import { levelOf } from './level.js'
import { readHead, writeLine } from './line.js'

/** Datadog's attributes: `status` for the level, `dd.trace_id`, `error.kind`, `logger.name`; flat or nested. */
export const datadog = {
  name: 'datadog',
  matches: (entry) =>
    'dd.trace_id' in entry ||
    'ddsource' in entry ||
    'dd' in entry ||
    (typeof entry.status === 'string' &&
      levelOf(entry.status) !== undefined &&
      (typeof entry.message === 'string' || typeof entry.event === 'string')),
  normalise(entry) {
    const picker = createPicker(flatten(entry, ['dd', 'logger']))
    const statusIsLevel = typeof entry.status === 'string' && levelOf(entry.status) !== undefined
    const head = readHead(picker, {
      timestamp: ['timestamp', 'date', 'time', '@timestamp'],
      level: statusIsLevel ? ['status'] : ['level', 'levelname', 'severity'],
      logger: ['logger.name', 'logger', 'name'],
      event: ['message', 'msg', 'event'],
      instance: ['host'],
    })
    picker.drop('ddsource', 'ddtags', 'logger.thread_name')
    const flat = errorOfParts(
      picker.text('error.kind', 'error.type'),
      picker.text('error.message'),
      picker.text('error.stack'),
    )
    const error = flat ?? readError(picker.value('error', 'err'))
    return [writeLine(head, picker.rest(), error)]
  },
} satisfies Format<'datadog'>
