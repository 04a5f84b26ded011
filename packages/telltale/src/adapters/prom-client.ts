import type { Definition } from '../metrics/definition.js'
import type { Family } from '../metrics/family.js'
import { Slices } from '../state/slices.js'
import { addSource, type Source } from '../metrics/sources.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { familyOf } from './prom-client-family.js'
import type { PromClientMetric } from './prom-client-metric.js'
import { Pairs } from './prom-client-pairs.js'

/** A registry of prom-client, or of a client that descends from it. */
export interface PromClientRegistry {
  getMetricsAsJSON(): unknown
}

const types: readonly unknown[] = ['counter', 'gauge', 'histogram', 'summary'] satisfies Definition['type'][]
const maxWaitMs = 5000
// OpenMetrics names a counter without its _total.
const legalName = /^(?!_total$)[a-zA-Z_:][a-zA-Z0-9_:]*$/

/**
 * Writes the metrics of a prom-client registry with Telltale's own at each scrape, in every format. Label values pass the
 * redaction policy. A name that Telltale has too stays Telltale's; quantiles of summaries are left out. Returns what takes
 * the registry out again. Throws a TypeError for what is no registry.
 *
 * @example
 * import { register } from 'prom-client'
 * mergePromClient(register)
 */
export function mergePromClient(register: PromClientRegistry): () => void {
  if (typeof (register as Partial<PromClientRegistry> | undefined)?.getMetricsAsJSON !== 'function') {
    throw new TypeError(
      `mergePromClient() takes a registry such as prom-client's register, which has getMetricsAsJSON(), got ${show(register)}.`,
    )
  }
  return addSource(register, sourceOf(register))
}

function sourceOf(register: PromClientRegistry): Source {
  const pairs = new Pairs()
  // There while a call that timed out goes on: the registry is not asked again beside it.
  let asked: Promise<readonly PromClientMetric[]> | undefined
  return async (isWanted, timeoutMs) => {
    const families: Family[] = []
    try {
      asked ??= metricsOf(register).finally(() => (asked = undefined))
      const slices = new Slices()
      for (const metric of await within(Math.min(timeoutMs, maxWaitMs), asked)) {
        const type = metric.type as Definition['type']
        if (!types.includes(type) || !legalName.test(metric.name)) {
          dropped('metric', 'collect_failed')
          reportOnce(
            `merged-kind:${String(metric.name)}`,
            `the metric ${show(metric.name)} of a merged registry is of no known type or has no legal name, and is left out`,
          )
        } else if (isWanted({ type, name: metric.name }))
          families.push(await familyOf(metric, type, pairs, slices))
      }
    } catch (error) {
      dropped('metric', 'collect_failed')
      reportOnce('merged-registry', `a merged registry could not be read: ${show(error)}`)
    }
    return families
  }
}

async function metricsOf(register: PromClientRegistry): Promise<readonly PromClientMetric[]> {
  return (await register.getMetricsAsJSON()) as readonly PromClientMetric[]
}

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
