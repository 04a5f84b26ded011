import { budget } from '../harness/rounds.mjs'
import { pacedCosts } from './errors/paced-costs.mjs'
import { requestCosts } from './errors/request-costs.mjs'
import { startCosts } from './errors/start-costs.mjs'
import { storm } from './errors/storm.mjs'
import { verify } from './errors/verify.mjs'

const plans = {
  quick: {
    storm: { runs: 1, seconds: 10 },
    start: { budgetMs: 20_000 },
    paced: { rounds: 1, warmMs: 1000, windowMs: 2000 },
    requests: { budgetMs: 30_000, generations: 3, warmUpMs: 300, windowMs: 200 },
  },
  full: {
    storm: { runs: 3, seconds: 10 },
    start: { budgetMs: 120_000 },
    paced: { rounds: 8, warmMs: 3000, windowMs: 10_000 },
    requests: { budgetMs: 300_000, generations: 8, warmUpMs: 1500, windowMs: 700 },
  },
}

export async function run({ quick, say }) {
  const plan = quick ? plans.quick : plans.full
  say('checking that every service answers the same and that its errors arrive')
  const checked = await verify()
  const stormed = await storm(plan.storm, say)
  const started = await startCosts(budget(plan.start.budgetMs), say)
  const paced = await pacedCosts(plan.paced, say)
  const requests = await requestCosts(plan.requests, budget(plan.requests.budgetMs), say)
  return {
    rows: [...requests.rows, ...paced.rows, ...started, ...stormed.rows],
    notes: [`Before measuring: ${checked}.`, ...requests.notes, ...paced.notes, ...stormed.notes],
  }
}
