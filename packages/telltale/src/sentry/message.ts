import type { Scope } from '../context/scope.js'
import { normalise } from '../errors/normalise.js'
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
import { countLate, running } from './start.js'

export const messageEvent = 'message_captured'

/** Sends a text that was logged, as its log line has it, which has passed the policy. Never throws. */
export function sendMessage(
  log: TelltaleLogger,
  scope: Scope | undefined,
  level: number,
  fields: { readonly message: string },
): void {
  const { exit, message: send = exit && ((report: Report) => exit.report(report)) } = running
  if (send === undefined) return countLate()
  if (isNested() || exit?.wants(`message ${normalise(fields.message)}`) === false) return
  try {
    const now = tick()
    const made = withoutSeeing(() =>
      lineOf(eventName(messageEvent), scope, log, level, formatTime(now), messageEvent, fields),
    )
    if (made === undefined) return
    const line = JSON.parse(made.line) as Record<string, unknown>
    const route = routeOf(scope)
    send({
      ...reportOf(line),
      id: hexId(16),
      time: Math.floor(now / 1000),
      ...(route !== undefined && { route }),
      recent: recentOf(scope?.request, messageEvent),
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
