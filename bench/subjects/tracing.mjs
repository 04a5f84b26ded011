import { budget } from '../harness/rounds.mjs'
import { flowCosts } from './tracing/flow-costs.mjs'
import { outage } from './tracing/outage.mjs'
import { requestCosts } from './tracing/request-costs.mjs'
import { verify } from './tracing/verify.mjs'

/** The share of traces that are sampled. */
const rate = 0.1

const plans = {
  quick: {
    outage: { runs: 1, upMs: 1500, downMs: 5000 },
    flows: { budgetMs: 20_000, warmMs: 300, spanMs: 200 },
    requests: { budgetMs: 50_000, generations: 5, warmUpMs: 300, windowMs: 200 },
  },
  full: {
    outage: { runs: 1, upMs: 3000, downMs: 60_000 },
    flows: { budgetMs: 45_000, warmMs: 500, spanMs: 500 },
    requests: { budgetMs: 300_000, generations: 8, warmUpMs: 1500, windowMs: 700 },
  },
}

export async function run({ quick, say }) {
  const plan = quick ? plans.quick : plans.full
  say('checking that every service answers the same and sends the same spans')
  const checked = await verify(rate)
  const down = await outage(plan.outage, say)
  const flows = await flowCosts(plan.flows, budget(plan.flows.budgetMs).share(1), say)
  const requests = await requestCosts(plan.requests, budget(plan.requests.budgetMs), rate, say)
  return {
    rows: [...requests.rows, ...flows, ...down.rows],
    notes: [`Before measuring: ${checked}.`, ...requests.notes, ...down.notes],
  }
}
