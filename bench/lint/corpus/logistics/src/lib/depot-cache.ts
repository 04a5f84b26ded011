import type { Redis } from '../platform/redis'
import type { Depot } from '../types'
import { createLogger } from '../shared/logger'

const log = createLogger('depot-cache')

const TTL_SECONDS = 6 * 60 * 60

export const makeDepotCache = (deps: { redis: Redis; fetchDepots: (carrier: string) => Promise<Depot[]> }) => {
  const inFlight = new Map<string, Promise<Depot[]>>()

  const read = async (carrier: string): Promise<Depot[] | undefined> => {
    const raw = await deps.redis.get(`depots:${carrier}`).catch(() => null)  //= catch: maybe  cache read, falls back to the source but an outage stays unseen
    if (!raw) return undefined  //= return: no  cache miss
    try {
      return JSON.parse(raw) as Depot[]  //= return: no  parser
    } catch {  //= catch: no  parse probe of a cached value
      return undefined  //= return: no  treated as a miss
    }
  }

  const load = async (carrier: string): Promise<Depot[]> => {
    const depots = await deps.fetchDepots(carrier)
    try {
      await deps.redis.set(`depots:${carrier}`, JSON.stringify(depots), 'EX', TTL_SECONDS)
    } catch {  //= catch: no  commented best effort
      // the list was fetched, a cold cache only costs the next caller a round trip
    }
    return depots
  }

  return {
    get: async (carrier: string) => {
      const cached = await read(carrier)
      if (cached) return cached  //= return: no  cache hit
      const running = inFlight.get(carrier)
      if (running) return running  //= return: no  joins the call in flight
      const promise = load(carrier).finally(() => inFlight.delete(carrier))
      inFlight.set(carrier, promise)
      return promise
    },
    warm: async (carriers: string[]) => {
      const outcomes = await Promise.allSettled(carriers.map(load))
      outcomes.forEach((o, i) => {
        if (o.status === 'fulfilled') return  //= return: no  only failures are logged below
        log.warn('depot_warmup_failed', { carrier: carriers[i], error: o.reason })
      })
    },
  }
}
