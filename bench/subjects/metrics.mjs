import { budget } from '../harness/rounds.mjs'
import { distinctSets } from './metrics/distinct-sets.mjs'
import { operationCosts } from './metrics/operation-costs.mjs'
import { requestsMeanwhile } from './metrics/requests-meanwhile.mjs'
import { scrapeCosts } from './metrics/scrape-costs.mjs'
import { verify } from './metrics/verify.mjs'

const plans = {
  quick: {
    budgetMs: 60_000,
    distinct: { runs: 1, peerRuns: 1 },
    scrape: { rounds: 1, scrapes: 3, ways: false },
    requests: { rounds: 1, ownRounds: 0, warmMs: 600, windowMs: 1500 },
    operations: { warmMs: 50, spanMs: 50 },
  },
  full: {
    budgetMs: 340_000,
    distinct: { runs: 3, peerRuns: 1 },
    scrape: { rounds: 9, scrapes: 3, ways: true },
    requests: { rounds: 9, ownRounds: 3, warmMs: 1000, windowMs: 2500 },
    operations: { warmMs: 100, spanMs: 100 },
  },
}

export async function run({ quick, say }) {
  const plan = quick ? plans.quick : plans.full
  const time = budget(plan.budgetMs)
  say('checking that every client exposes the same')
  await verify()
  // What takes as long as it takes first; the rest of the time is shared by rounds of operations.
  const distinct = await distinctSets(plan.distinct, say)
  const scrape = await scrapeCosts(plan.scrape, say)
  const requests = await requestsMeanwhile(plan.requests, say)
  const operations = await operationCosts(plan.operations, time.share(1), say)
  return {
    rows: [...operations, ...scrape.rows, ...requests.rows, ...distinct.rows],
    notes: [...scrape.notes, ...requests.notes, ...distinct.notes],
  }
}
