import { type Exemplar, Exemplars } from '../metrics/exemplars.js'
import { screened } from '../metrics/label-value.js'
import type { PromClientValue } from './prom-client-metric.js'

const maxRequestId = 64

/** Exemplars that another registry took: their trace and request ids, under any of the usual names. */
export class TakenExemplars extends Exemplars {
  readonly #taken = new Map<number, Exemplar>()

  put(index: number, { exemplar }: PromClientValue): void {
    if (exemplar === null || exemplar === undefined) return
    const { labelSet = {}, value, timestamp } = exemplar
    const traceId = labelSet.trace_id ?? labelSet.traceId ?? labelSet.traceID
    const requestId = labelSet.request_id ?? labelSet.requestId
    const taken = {
      value,
      time: typeof timestamp === 'number' ? timestamp * 1000 : Date.now(),
      traceId: typeof traceId === 'string' && /^[0-9a-f]{1,32}$/.test(traceId) ? traceId : undefined,
      requestId:
        typeof requestId === 'string' && requestId.length <= maxRequestId
          ? screened('request_id', requestId)
          : undefined,
    }
    if (taken.traceId !== undefined || taken.requestId !== undefined) this.#taken.set(index, taken)
  }

  override get(index: number): Exemplar | undefined {
    return this.#taken.get(index)
  }
}
