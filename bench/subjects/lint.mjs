import { budget } from '../harness/rounds.mjs'
import { precision } from './lint/precision.mjs'
import { times } from './lint/times.mjs'

const plans = {
  quick: { budgetMs: 45_000, copies: 2 },
  full: { budgetMs: 600_000, copies: 8 },
}

export async function run({ quick, say }) {
  const { budgetMs, copies } = quick ? plans.quick : plans.full
  const judged = await precision(say)
  const timed = await times({ copies }, budget(budgetMs), say)
  return { rows: [...judged.rows, ...timed.rows], notes: [...judged.notes, ...timed.notes] }
}
