import { setTimeout as pause } from 'node:timers/promises'
import { between } from './measured.mjs'
import { order, roundsUntil } from './rounds.mjs'
import { enoughGroups } from './verdict.mjs'

// Enough to keep a server's one thread busy at all times, few enough that no queue builds up.
const connections = 16
// After a switch: connections are made and the first requests answered before the window opens.
const settleMs = 60

// By then V8 has compiled what is hot: later windows of a process cost the same as earlier ones.
const warmUpRequests = 8_000
// A round in which a server got less than this share of a core measured the machine's other work.
const quietCore = 0.7

/**
 * One set of fresh processes: all warmed up, then measured in alternation until `end`; `past` rounds were before.
 * `servers` has a child that answers marks and its port for each variant, and requests of its own where they differ.
 * Resolves to the rounds, each a window for each variant as `between` gives it. Its `wholeMicros` is the CPU time of a
 * request from this window's load until the variant's next, so that what a server puts off is in it.
 */
export async function underLoad({ servers, load, requests, end, past, warmUpMs, windowMs }) {
  const variants = Object.keys(servers)
  const mark = (variant) => servers[variant].child.ask('mark')
  const start = (variant) => {
    const { port, requests: own = requests } = servers[variant]
    return load.ask({ start: { port, connections, requests: own } })
  }
  const stop = () => load.ask({ stop: true })

  // However crowded the machine, some of the time is left to measure in.
  const warmUpMost = Math.max(warmUpMs, ((end - performance.now()) * 0.6) / variants.length)
  // By requests, since a slow machine compiles after as many as a fast one; a crowded one must still come to an end.
  const warmUp = async (variant) => {
    await start(variant)
    const latest = performance.now() + warmUpMost
    const least = performance.now() + warmUpMs
    for (;;) {
      await pause(100)
      const { operations } = await mark(variant)
      const now = performance.now()
      if ((now >= least && operations >= warmUpRequests) || now >= latest) break
    }
    await stop()
  }
  const marked = async (variant) => {
    const before = await mark(variant)
    await start(variant)
    await pause(settleMs)
    const opened = await mark(variant)
    await pause(windowMs)
    const closed = await mark(variant)
    await stop()
    return { before, opened, closed }
  }

  for (const variant of order(variants, past)) await warmUp(variant)
  const rounds = await roundsUntil(end, async (round) => {
    const marks = {}
    for (const variant of order(variants, past + round)) marks[variant] = await marked(variant)
    return marks
  })
  const last = {}
  for (const variant of variants) last[variant] = { before: await mark(variant) }
  return rounds.map((marks, index) => windowsOf(marks, rounds[index + 1] ?? last))
}

function windowsOf(marks, next) {
  return Object.fromEntries(
    Object.entries(marks).map(([variant, { before, opened, closed }]) => [
      variant,
      { ...between(opened, closed), wholeMicros: between(before, next[variant].before).cpuMicros },
    ]),
  )
}

/** The rounds that measured the servers; where too few processes are left to tell, all of them, and nothing is decided. */
export function quietRounds(groups) {
  const kept = groups
    .map((rounds) => rounds.filter((round) => Object.values(round).every(({ core }) => core >= quietCore)))
    .filter((rounds) => rounds.length > 0)
  return kept.length >= enoughGroups ? { groups: kept, decides: true } : { groups, decides: false }
}
