import { budget } from '../harness/rounds.mjs'
import { idleCosts } from './health/idle-costs.mjs'
import { probeCosts } from './health/probe-costs.mjs'
import { runsOfChecks } from './health/runs-of-checks.mjs'
import { toxicTimes } from './health/toxic-times.mjs'
import { verify } from './health/verify.mjs'

const plans = {
  quick: {
    toxic: { rounds: 1, warmMs: 1500, windowMs: 3000 },
    runs: { rounds: 1, windowMs: 3000 },
    idle: { rounds: 1, warmMs: 1000, windowMs: 4000 },
    probes: { budgetMs: 20_000, generations: 2, warmUpMs: 300, windowMs: 200 },
  },
  full: {
    toxic: { rounds: 9, warmMs: 3000, windowMs: 6000 },
    runs: { rounds: 3, windowMs: 10_000 },
    idle: { rounds: 7, warmMs: 2000, windowMs: 15_000 },
    probes: { budgetMs: 240_000, generations: 8, warmUpMs: 1500, windowMs: 700 },
  },
}

export async function run({ quick, say }) {
  const plan = quick ? plans.quick : plans.full
  say('checking that every service answers what it says')
  const checked = await verify()
  const toxic = await toxicTimes(plan.toxic, say)
  const runs = await runsOfChecks(plan.runs, say)
  const idle = await idleCosts(plan.idle, say)
  const probes = await probeCosts(plan.probes, budget(plan.probes.budgetMs), say)
  return {
    rows: [...toxic.rows, ...probes.rows, ...runs.rows, ...idle.rows],
    notes: [`Before measuring: ${checked}.`, ...toxic.notes, ...probes.notes, ...runs.notes],
  }
}
