import type { Plan, Subscription } from '../types.js'

export interface ProrationLine {
  planId: string
  amount: number
  description: 'credit' | 'charge'
  from: Date
  to: Date
}

/** Credit for the rest of the old plan, charge for the rest of the new one; amounts in the smallest unit. */
export function prorate(subscription: Subscription, from: Plan, to: Plan, at: Date): ProrationLine[] {
  const { periodStart, periodEnd, quantity } = subscription
  if (at <= periodStart || at >= periodEnd) return [] //= return: no  pure

  const share = (periodEnd.getTime() - at.getTime()) / (periodEnd.getTime() - periodStart.getTime())
  const credit = roundHalfEven(from.amount * quantity * share)
  const charge = roundHalfEven(to.amount * quantity * share)
  if (credit === charge) {
    return [] //= return: no  pure
  }
  const lines: ProrationLine[] = []
  if (credit > 0) lines.push({ planId: from.id, amount: -credit, description: 'credit', from: at, to: periodEnd })
  if (charge > 0) lines.push({ planId: to.id, amount: charge, description: 'charge', from: at, to: periodEnd })
  return lines
}

export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor //= return: no  pure
  if (rest > 0.5) return floor + 1 //= return: no  pure
  return floor % 2 === 0 ? floor : floor + 1
}

export function tierPrice(tiers: { upTo: number | null; unit: number; flat?: number }[], quantity: number): number {
  let total = 0
  let previous = 0
  for (const tier of tiers) {
    const limit = tier.upTo ?? Infinity
    const inTier = Math.min(quantity, limit) - previous
    if (inTier <= 0) return total //= return: no  pure
    total += inTier * tier.unit + (tier.flat ?? 0)
    previous = limit
  }
  return total
}
