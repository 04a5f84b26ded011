import { currentScope } from '../context/scope.js'
import { firstReport } from '../errors/exits.js'
import { errorFingerprint, fullError } from '../errors/record.js'
import { forReport } from '../errors/seen.js'
import { redact } from '../redact/redact.js'
import { withoutUndefined } from './event.js'
import type { SdkEvent, SdkHint } from './sdk.js'

/** What the log has of an event. */
export interface Known {
  readonly fingerprint?: string[] | undefined
  readonly tags?: object
  readonly user?: Record<string, unknown> | undefined
  readonly trace?: Record<string, unknown> | undefined
}

/** Marks the events that are made here, in their hints; those of the SDK's own making are completed by what is found. */
export class Ours {
  constructor(readonly known: Known) {}
}

/** What can be known again: an error object, or what else was thrown; no text, as messages are. */
function errorOf({ type, exception, message, logentry }: SdkEvent, hint: SdkHint): object | undefined {
  const error = hint.originalException
  if (type !== undefined || exception === undefined || message !== undefined || logentry !== undefined)
    return undefined
  return typeof error === 'object' && error !== null ? error : undefined
}

/**
 * What the log has of an event of the SDK's own making, taken in the turn of its capture: processors of the SDK's own take
 * their time. Undefined where the error has been reported.
 */
export function knownOf(event: SdkEvent, hint: SdkHint): Known | undefined {
  if (hint.data instanceof Ours) return hint.data.known
  const scope = currentScope()
  const error = errorOf(event, hint)
  if (error !== undefined && !firstReport(error)) return undefined
  // What stands in the event as a cause needs none of its own: making the record marks them.
  if (error !== undefined && hasCauses(event)) forReport(() => fullError(error))
  const fingerprint = error === undefined ? undefined : [errorFingerprint(error)]
  if (scope === undefined) return { fingerprint }
  // Routers learn the route last; asking for the context lets them say so.
  const { fields } = scope.resolve()
  const { requestId, traceId, spanId, flowId } = scope.ids
  const { route } = (scope.request?.subject ?? {}) as { readonly route?: unknown }
  const { user_id: userId } = redact({ user_id: fields['user_id'] })
  return {
    fingerprint,
    tags: withoutUndefined({ request_id: requestId, trace_id: traceId, flow_id: flowId, route }),
    user: userId === undefined ? undefined : { id: userId },
    // A transaction has the id of its own trace, which is the log's, too.
    trace:
      traceId === undefined || event.type !== undefined ? undefined : { trace_id: traceId, span_id: spanId },
  }
}

function hasCauses({ exception }: SdkEvent): boolean {
  const { values } = (exception ?? {}) as { readonly values?: unknown }
  return Array.isArray(values) && values.length > 1
}

/** The attribute that says the trace of a log or metric, which is given it where it is sent. */
export const ownTrace = 'telltale.trace_id'

/** Gives a log or metric of the SDK's the ids that the log has, as attributes. */
export function tagItem(item: Record<string, unknown>): void {
  const scope = currentScope()
  if (scope === undefined) return
  const { requestId, traceId, flowId } = scope.ids
  const ids = withoutUndefined({ request_id: requestId, flow_id: flowId, [ownTrace]: traceId })
  item['attributes'] = { ...ids, ...(item['attributes'] as object | undefined) }
}

/** Fills what the service has not said itself of an event, its scopes' share being in it. */
export function complete(event: SdkEvent, { tags, user, trace, fingerprint }: Known): SdkEvent {
  if (fingerprint !== undefined) event.fingerprint ??= fingerprint
  if (tags !== undefined) event.tags = { ...event.tags, ...tags }
  if (user !== undefined && event.user?.['id'] === undefined) event.user = { ...event.user, ...user }
  if (trace !== undefined) event.contexts = { ...event.contexts, trace }
  return event
}
