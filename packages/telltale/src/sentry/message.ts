import { currentScope } from '../context/scope.js'
import { withoutSeeing } from '../errors/seen.js'
import { formatTime, tick } from '../log/clock.js'
import { eventName } from '../log/events.js'
import type { TelltaleLogger } from '../log/logger.js'
import { pipeline } from '../log/pipeline.js'
import { isNested, recentOf, routeOf } from '../log/report.js'
import { lineOf } from '../log/stages.js'
import { dropped } from '../self/dropped.js'
import { hexId } from '../trace/ids.js'
import type { Report } from './event.js'
import { running } from './start.js'

const event = 'message_captured'

/** Logs a text, and sends it from its log line, which has passed the policy. Never throws. */
export function sayMessage(
  log: TelltaleLogger,
  level: number,
  text: string,
  tags: Readonly<Record<string, string>>,
): void {
  const scope = currentScope()
  const fields = { ...tags, message: text }
  log.raise(level, event, fields, scope)
  const { exit, message: send = exit && ((report: Report) => exit.report(report)) } = running
  if (send === undefined || isNested() || exit?.wants(`message ${text.slice(0, 200)}`) === false) return
  try {
    const now = tick()
    const made = withoutSeeing(() =>
      lineOf(eventName(event), scope, log, level, formatTime(now), event, fields),
    )
    if (made === undefined) return
    const line = JSON.parse(made.line) as Record<string, unknown>
    const route = routeOf(scope)
    send({
      ...reportOf(line),
      id: hexId(16),
      time: Math.floor(now / 1000),
      ...(route !== undefined && { route }),
      recent: recentOf(scope?.request, event),
    })
  } catch {
    dropped('error', 'encode')
  }
}

function reportOf(line: Record<string, unknown>): Omit<Report, 'id' | 'time' | 'recent'> {
  const { keys } = pipeline
  const take = (key: string): string | undefined => {
    const value = line[key]
    delete line[key]
    return typeof value === 'string' ? value : undefined
  }
  take(keys.timestamp)
  take(keys.version)
  take(keys.environment)
  take(keys.instance)
  const [requestId, traceId, spanId, flowId] = (
    ['request_id', 'trace_id', 'span_id', 'flow_id'] as const
  ).map((name) => take(keys[name]))
  return {
    level: take(keys.level) as Report['level'],
    logger: take(keys.logger)!,
    event: take(keys.event)!,
    handled: true,
    service: take(keys.service)!,
    message: take('message') ?? '',
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(flowId !== undefined && { flowId }),
    fields: line,
  }
}
