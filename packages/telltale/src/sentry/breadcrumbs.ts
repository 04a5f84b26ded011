import { reservedKeys } from '../encode/reserved-keys.js'
import { pipeline } from '../log/pipeline.js'
import { levelOf, type SentryLevel } from './level.js'

/** One event that came before (Sentry's SDK documentation, "Breadcrumbs Interface"). */
export interface Breadcrumb {
  timestamp?: string
  category?: string
  message?: string
  level: SentryLevel
  data?: Record<string, unknown>
}

/** A request's recent log lines, oldest first. */
export function breadcrumbsOf(recent: readonly Readonly<Record<string, unknown>>[]): Breadcrumb[] {
  const { keys } = pipeline
  const own = new Set<string>([...reservedKeys.map((key) => keys[key]), 'method', 'path', 'recorded'])
  return recent.map((line) => {
    const data = Object.fromEntries(Object.entries(line).filter(([name]) => !own.has(name)))
    if (isRecord(data['error'])) {
      const { type, message, code } = data['error']
      // Its stack is that of the event, or would hide it.
      data['error'] = { type, message, ...(code !== undefined && { code }) }
    }
    return {
      ...text('timestamp', line[keys.timestamp]),
      ...text('category', line[keys.logger]),
      ...text('message', line[keys.event]),
      level: levelOf(String(line[keys.level])),
      ...(Object.keys(data).length > 0 && { data }),
    }
  })
}

function text<K extends string>(name: K, value: unknown): { [key in K]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { [key in K]?: string }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
