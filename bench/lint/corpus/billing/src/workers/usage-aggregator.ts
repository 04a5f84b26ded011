import { startOfHour, subHours } from 'date-fns'
import { pool, withTransaction } from '../lib/db.js'
import { childLogger } from '../lib/logger.js'
import { usageRejected } from '../plugins/metrics.js'
import * as meters from '../repositories/meters.js'
import * as subscriptions from '../repositories/subscriptions.js'
import { sendQuotaAlert } from '../services/quota.js'

const log = childLogger('usage')

interface UsageRecord {
  meter: string
  subscriptionId: string
  quantity: number
  at: string
  dedupe: string
}

export async function ingest(record: UsageRecord): Promise<boolean> {
  const { meter: name, subscriptionId, quantity, at, dedupe } = record
  if (!Number.isFinite(quantity) || quantity < 0) {
    usageRejected.inc({ reason: 'quantity' })
    return false //= return: no  counted with the reason
  }

  const meter = await meters.byName(name)
  if (!meter) {
    return false //= return: yes  usage of an unknown meter is never billed and nothing tells
  }

  const subscription = await subscriptions.find(subscriptionId)
  if (!subscription || subscription.status === 'canceled') {
    return false //= return: yes  usage after the end is given away in silence
  }

  if (new Date(at) < subHours(subscription.periodStart, 1)) {
    usageRejected.inc({ reason: 'late' })
    return false //= return: no  counted with the reason
  }

  const { rowCount } = await pool.query(
    'INSERT INTO usage (meter_id, subscription_id, quantity, at, dedupe) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (dedupe) DO NOTHING',
    [meter.id, subscriptionId, quantity, at, dedupe],
  )
  return rowCount === 1
}

export async function aggregateHour(at = subHours(startOfHour(new Date()), 1)): Promise<void> {
  const done = await meters.isAggregated(at)
  if (done) return //= return: no  idempotent, hour is done

  const open = await meters.openPartitions(at)
  if (open.length > 0) {
    return //= return: yes  aggregation waits for open partitions, an hour could be stuck unseen
  }

  await withTransaction(async (tx) => {
    await tx.query('INSERT INTO usage_hours SELECT meter_id, subscription_id, sum(quantity), $1 FROM usage WHERE at >= $1 AND at < $1 + interval \'1 hour\' GROUP BY 1, 2', [at])
    await meters.markAggregated(tx, at)
  })
  log.info({ hour: at }, 'usage aggregated')

  const totals = await meters.totals(at)
  await Promise.allSettled(totals.map((total) => alertIfNeeded(total)))
}

async function alertIfNeeded(total: { subscriptionId: string; meterId: string; used: number }) {
  const quota = await meters.quota(total.subscriptionId, total.meterId)
  if (!quota) return //= return: no  no quota agreed, ordinary case
  const percent = (total.used / quota.limit) * 100
  if (percent < 80) return //= return: no  below the threshold, ordinary case
  if (quota.alertedAt) return //= return: no  already alerted, idempotent

  try {
    await sendQuotaAlert(total.subscriptionId, { percent, limit: quota.limit })
    await meters.markAlerted(quota.id)
  } catch (err) { //= catch: yes  customer gets no quota alert and nobody knows
    return //= return: no  the swallowed error is the finding
  }
}
