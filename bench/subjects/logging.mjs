import { budget } from '../harness/rounds.mjs'
import { againstPeers, notesOfPeers } from './logging/against-peers.mjs'
import { verifyAll } from './logging/verify.mjs'
import { ownCosts } from './logging/own-costs.mjs'
import { silentCosts } from './logging/silent-costs.mjs'
import { hostileTexts } from './logging/hostile-texts.mjs'
import { stalledReader } from './logging/stalled-reader.mjs'

const plans = {
  quick: {
    budgetMs: 75_000,
    stall: { runs: 1, total: 1_000_000, lastsMs: 6000, stallMs: 5000 },
    survivors: false,
    hostile: { runs: { default: 5, late: 0 } },
    own: { share: 0.12, warmMs: 250, spanMs: 200 },
    silent: { runs: 5, warmMs: 200, spanMs: 150, times: 5_000_000 },
    peers: { warmMs: 250, spanMs: 200, others: 1 },
  },
  full: {
    budgetMs: 340_000,
    stall: { runs: 3, total: 1_000_000, lastsMs: 7000, stallMs: 5000 },
    survivors: true,
    hostile: { runs: { default: 7, late: 5 } },
    own: { share: 0.25, warmMs: 400, spanMs: 500 },
    silent: { runs: 7, warmMs: 400, spanMs: 500, times: 20_000_000 },
    peers: { warmMs: 400, spanMs: 500, others: 3 },
  },
}

export async function run({ quick, say }) {
  const plan = quick ? plans.quick : plans.full
  const time = budget(plan.budgetMs)
  say('checking that every logger writes what it should')
  await verifyAll()
  // What takes as long as it takes first; the rest of the time is shared by rounds of fresh processes.
  const written = await notesOfPeers(plan.survivors, say)
  const stalled = await stalledReader(plan.stall, say)
  const hostile = await hostileTexts(plan.hostile, say)
  const silent = await silentCosts(plan.silent, say)
  const own = await ownCosts(plan.own, time.share(1 / plan.own.share), say)
  const peers = await againstPeers(plan.peers, time.share(1), say)
  return {
    rows: [...peers, ...silent, ...own, ...stalled.rows, ...hostile.rows],
    notes: [...written, ...stalled.notes, ...hostile.notes],
  }
}
