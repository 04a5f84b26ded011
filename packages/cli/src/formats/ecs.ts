import { createPicker, flatten } from './entry.js'
import { errorOfParts, readError } from './error.js'
import type { Format } from './format.js'
import { readHead, writeLine } from './line.js'

const roots = [
  'ecs',
  'error',
  'event',
  'host',
  'http',
  'log',
  'process',
  'service',
  'span',
  'trace',
  'transaction',
  'url',
]

/**
 * Elastic Common Schema, flat (`log.level`) or nested, and logstash's lines, which share `@timestamp`. Names as in the ECS
 * reference and the ecs-logging specification.
 */
export const ecs = {
  name: 'ecs',
  matches: (entry) => '@timestamp' in entry || 'ecs.version' in entry || 'log.level' in entry,
  normalise(entry) {
    const picker = createPicker(flatten(entry, roots))
    const head = readHead(picker, {
      timestamp: ['@timestamp', 'timestamp', 'time'],
      level: ['log.level', 'level', 'severity'],
      logger: ['log.logger', 'logger', 'logger_name', 'event.dataset'],
      event: ['message', 'event', 'msg'],
      instance: ['service.node.name'],
    })
    picker.drop(
      'ecs.version',
      '@version',
      'level_value',
      'event.dataset',
      'process.thread.name',
      'thread_name',
    )
    const took = picker.number('event.duration')
    const code = picker.value('error.code')
    const error =
      errorOfParts(
        picker.text('error.type'),
        picker.text('error.message'),
        picker.text('error.stack_trace', 'error.stack', 'stack_trace'),
        code === undefined ? undefined : { code },
      ) ?? readError(picker.value('error'))
    // Nanoseconds, by the reference.
    const fields: [string, unknown][] = took === undefined ? [] : [['duration_ms', took / 1e6]]
    const own = picker.rest().filter(([key]) => error === undefined || !key.startsWith('error.'))
    const more = picker.rest().filter(([key]) => error !== undefined && key.startsWith('error.'))
    const full = error === undefined ? undefined : nest(error, more)
    return [writeLine(head, [...fields, ...own], full)]
  },
} satisfies Format<'ecs'>

/** What else was said below `error`, such as our own `error.cause.message`, back in its place. */
function nest(error: Record<string, unknown>, more: readonly [string, unknown][]): Record<string, unknown> {
  const whole = new Map<string, unknown>(Object.entries(error))
  const deeper = new Map<string, [string, unknown][]>()
  for (const [path, value] of more) {
    const key = path.slice('error.'.length)
    const dot = key.indexOf('.')
    if (dot === -1) whole.set(key, value)
    else
      deeper.set(key.slice(0, dot), [
        ...(deeper.get(key.slice(0, dot)) ?? []),
        [`error.${key.slice(dot + 1)}`, value],
      ])
  }
  for (const [key, inner] of deeper) whole.set(key, nest({}, inner))
  const cause = readError(whole.get('cause'))
  if (cause !== undefined) whole.set('cause', cause)
  return Object.fromEntries(whole)
}
