import { budget } from '../harness/rounds.mjs'
import { precision } from './lint/precision.mjs'
import { times } from './lint/times.mjs'

const plans = {
  quick: { budgetMs: 45_000, copies: 2, checked: 3 },
  full: { budgetMs: 720_000, copies: 4, checked: Infinity },
}

export async function run({ quick, say }) {
  const { budgetMs, ...plan } = quick ? plans.quick : plans.full
  const judged = await precision(say)
  const timed = await times(plan, budget(budgetMs), say)
  return { rows: [...judged.rows, ...timed.rows], notes: [...judged.notes, ...timed.notes] }
}
