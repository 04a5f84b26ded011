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
    const { error: nested, ...others } = entry
    const picker = createPicker({
      ...flatten(others),
      ...(nested === undefined ? undefined : { error: nested }),
    })
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
    // Where our own key for the level is called so, a request's status had to make way.
    const status = statusIsLevel ? picker.value('status_') : undefined
    const fields: [string, unknown][] = status === undefined ? [] : [['status', status]]
    return [writeLine(head, [...picker.rest(), ...fields], error)]
  },
} satisfies Format<'datadog'>
