import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'
import { chunked } from '../shared/result'

const log = createLogger('jobs.sweep-pickups')
const DAY = 86_400_000

type Sweep = { dryRun?: boolean; limit?: number }

export const makeSweepPickups = (deps: Deps) => {
  const { db, carriers, bus, clock, flags } = deps

  const rebook = async (pickupId: string): Promise<boolean> => {
    const pickup = await db.pickup.findUnique({ where: { id: pickupId }, include: { warehouse: true } })
    if (pickup?.state !== 'missed') return false  //= return: no  state changed meanwhile, nothing to rebook
    if (pickup.rebookings >= 3) return false  //= return: yes  gives up on the pick-up without a word

    const carrier = carriers.get(pickup.carrier)
    const slot = await carrier.nextSlot(pickup.warehouse.postcode)
    if (!slot) return false  //= return: yes  carrier offers no slot, parcels stay in the warehouse

    try {
      const booking = await carrier.bookPickup(slot, pickup.parcelCount)
      await db.pickup.update({
        where: { id: pickupId },
        data: { state: 'booked', slot, bookingRef: booking.ref, rebookings: { increment: 1 } },
      })
      return true  //= return: no  success
    } catch (e) {  //= catch: no  logged
      log.error('pickup_rebook_failed', { reason: `${e}`, pickupId })  //= error-with-context  error turned into text
      return false  //= return: no  logged
    }
  }

  const expire = async (ids: string[]) => {
    if (!ids.length) return 0  //= return: no  empty parameter
    const { count } = await db.pickup.updateMany({ where: { id: { in: ids } }, data: { state: 'expired' } })
    for (const id of ids) await bus.publish('pickup.expired', { pickupId: id })
    return count
  }

  return async ({ dryRun = false, limit = 500 }: Sweep = {}) => {
    if (process.env.SWEEP_DISABLED === '1') return  //= return: no  mode switch from the environment
    if (!(await flags.enabled('pickup-sweep'))) return  //= return: maybe  feature flag off; some would want a line for a whole job not done

    const now = clock.now().getTime()
    const missed = await db.pickup.findMany({ where: { state: 'missed' }, take: limit })
    const stale = missed.filter((p) => now - p.missedAt.getTime() > 5 * DAY).map((p) => p.id)
    const fresh = missed.filter((p) => !stale.includes(p.id)).map((p) => p.id)

    if (dryRun) {
      log.info('pickup_sweep_dry_run', { stale: stale.length, fresh: fresh.length })
      return  //= return: no  logged
    }

    let rebooked = 0
    for (const batch of chunked(fresh, 20)) {
      const done = await Promise.all(batch.map(rebook))
      rebooked += done.filter(Boolean).length
    }
    const expired = await expire(stale)
    log.info('pickup_sweep_done', { rebooked, expired })
  }
}
