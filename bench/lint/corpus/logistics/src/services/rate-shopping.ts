import type { Deps } from '../deps'
import type { Country, Service } from '../types'
import { createLogger } from '../shared/logger'
import { timed } from '../shared/metrics'
import { err, ok, type Result } from '../shared/result'
import { zoneFor } from '../lib/address'

type Query = { tenantId: string; from: Country; to?: Country; weight: number; service: Service }
type Rate = { carrier: string; service: Service; amountCents: number; days: number }

const log = createLogger('rates')

const better = (a: Rate, b: Rate) => {
  if (a.amountCents !== b.amountCents) return a.amountCents - b.amountCents  //= return: no  comparator
  return a.days - b.days
}

const fits = (limits: { maxGrams: number; zones: string[] }, q: Query) => {
  if (q.weight > limits.maxGrams) return false  //= return: no  predicate
  if (!q.to) return true  //= return: no  predicate
  return limits.zones.includes(zoneFor(q.from, q.to))
}

export const makeRateShopping = ({ carriers, db, cache }: Deps) => {
  const ask = async (carrier: string, q: Query): Promise<Rate | undefined> => {
    const key = `rate:${carrier}:${q.from}:${q.to ?? '-'}:${Math.ceil(q.weight / 500)}:${q.service}`
    const cached = await cache.get<Rate>(key)
    if (cached) return cached  //= return: no  cache hit

    try {
      const rate = await timed(carrier, 'quote', () => carriers.get(carrier).quote(q))
      await cache.set(key, rate, { ttlSeconds: 900 })
      return rate  //= return: no  result returned
    } catch (error) {  //= catch: no  logged
      log.warn('quote_failed', { carrier, error, weight: q.weight, service: q.service })
      return undefined  //= return: no  logged
    }
  }

  return async (q: Query): Promise<Result<Rate, 'no_contract' | 'no_rate'>> => {
    const contracts = await db.contract.findMany({ where: { tenantId: q.tenantId, active: true } })
    if (contracts.length === 0) return err('no_contract')  //= return: no  carries the reason

    const eligible = contracts.filter((c) => fits(c.limits, q))
    const rates = await Promise.all(eligible.map((c) => ask(c.carrier, q)))
    const best = rates.filter((r): r is Rate => r !== undefined).sort(better)[0]
    if (!best) return err('no_rate', { asked: eligible.map((c) => c.carrier) })  //= return: no  carries the reason

    return ok(best)
  }
}
