import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/children.mjs'
import { between } from '../harness/measured.mjs'
import { budget, order, roundsUntil } from '../harness/rounds.mjs'
import { compare, enoughGroups } from '../harness/verdict.mjs'
import { requests } from './request/requests.mjs'
import { verify } from './request/verify.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const frameworks = {
  fastify: {
    title: 'Fastify',
    goal: 2.5,
    goals: 'final: 3 × the glue with 65 % of bare',
    linesEach: { telltale: 4, glue: 5, bare: 0 },
  },
  express: {
    title: 'Express',
    goal: 1.5,
    goals: 'final: 1.8 × the glue with 85 % of bare',
    linesEach: { telltale: 4, glue: 4, bare: 0 },
  },
}
const variants = ['telltale', 'glue', 'bare']

// Enough to keep the server's one thread busy at all times, few enough that no queue builds up.
const connections = 16
// After a switch: connections are made and the first requests answered before the window opens.
const settleMs = 60

// By then V8 has compiled what is hot: later windows of a process cost the same as earlier ones.
const warmUpRequests = 8_000
// A round in which a server got less than this share of a core measured the machine's other work.
const quietCore = 0.7

export async function run({ quick, say }) {
  const plan = quick
    ? { budgetMs: 45_000, generations: 5, warmUpMs: 400, windowMs: 250 }
    : { budgetMs: 300_000, generations: 8, warmUpMs: 2_500, windowMs: 1_000 }
  const time = budget(plan.budgetMs)
  const server = (framework, variant, stdout) =>
    startChild(here(`request/${framework}-${variant}.mjs`), [], { stdout })

  say('checking that every server answers and logs as it should')
  const checked = await verify(server, frameworks, variants)

  const load = startChild(here('../harness/load.mjs'))
  await load.next()
  const samples = { fastify: [], express: [] }
  const turns = Array.from({ length: plan.generations }, () => Object.keys(frameworks)).flat()
  for (const [turn, framework] of turns.entries()) {
    say(`${frameworks[framework].title}: processes ${1 + Math.floor(turn / 2)} of ${plan.generations}`)
    const end = time.share(turns.length - turn)
    const past = samples[framework].flat().length
    samples[framework].push(await generation(framework, end, { ...plan, past, load, server }))
  }
  await load.stop()

  return {
    rows: Object.keys(frameworks).flatMap((name) => rowsOf(frameworks[name], quiet(samples[name]))),
    notes: notesOf(samples, checked),
  }
}

/** One set of fresh processes: all warmed up, then measured in alternation until `end`; `past` rounds were before. */
async function generation(framework, end, { past, load, server, warmUpMs, windowMs }) {
  // /dev/null, the same for all: every variant encodes and writes its lines, and no disk or reader adds its noise.
  const servers = Object.fromEntries(
    variants.map((variant) => [variant, server(framework, variant, 'ignore')]),
  )
  const warmUpMost = Math.max(warmUpMs, (end - performance.now()) / 5)
  const ports = {}
  for (const variant of variants) ports[variant] = (await servers[variant].next()).port
  // By requests, since a slow machine compiles after as many as a fast one; a crowded one must still come to an end.
  const warmUp = async (variant) => {
    await load.ask({ start: { port: ports[variant], connections, requests } })
    const latest = performance.now() + warmUpMost
    const least = performance.now() + warmUpMs
    for (;;) {
      await pause(100)
      const { operations } = await servers[variant].ask('mark')
      const now = performance.now()
      if ((now >= least && operations >= warmUpRequests) || now >= latest) break
    }
    await load.ask({ stop: true })
  }
  const loaded = async (variant, ms) => {
    await load.ask({ start: { port: ports[variant], connections, requests } })
    await pause(settleMs)
    const start = await servers[variant].ask('mark')
    await pause(ms)
    const end = await servers[variant].ask('mark')
    await load.ask({ stop: true })
    return between(start, end)
  }

  for (const variant of order(variants, past)) await warmUp(variant)
  const rounds = await roundsUntil(end, async (round) => {
    const windows = {}
    for (const variant of order(variants, past + round)) windows[variant] = await loaded(variant, windowMs)
    return windows
  })
  await Promise.all(Object.values(servers).map((child) => child.stop()))
  return rounds
}

/** The rounds that measured the servers; where too few processes are left to tell, all of them, and nothing is decided. */
function quiet(groups) {
  const kept = groups
    .map((rounds) => rounds.filter((round) => Object.values(round).every(({ core }) => core >= quietCore)))
    .filter((rounds) => rounds.length > 0)
  return kept.length >= enoughGroups ? { groups: kept, decides: true } : { groups, decides: false }
}

function rowsOf({ title, goal, goals }, { groups, decides }) {
  const only = (field) =>
    groups.map((rounds) =>
      rounds.map((round) => Object.fromEntries(variants.map((variant) => [variant, round[variant][field]]))),
    )
  const cpu = { unit: 'µs CPU', groups: only('cpuMicros'), better: 'less', decides }
  const rate = { unit: 'requests/s', groups: only('perSecond'), better: 'more', decides }
  return [
    compare({ name: `${title}: a request, against the glue`, ...cpu, against: 'glue', goal, note: goals }),
    compare({ name: `${title}: a request, share of bare`, ...cpu, against: 'bare' }),
    compare({ name: `${title}: throughput, against the glue`, ...rate, against: 'glue', goal }),
    compare({ name: `${title}: throughput, share of bare`, ...rate, against: 'bare' }),
  ]
}

function notesOf(samples, checked) {
  const notes = [`Before measuring: ${checked}.`]
  for (const [name, groups] of Object.entries(samples)) {
    const all = groups.flat().length
    const { groups: kept, decides } = quiet(groups)
    const { title } = frameworks[name]
    if (!decides)
      notes.push(`${title}: this machine is too busy to decide anything; run again when it is quiet.`)
    else if (kept.flat().length < all)
      notes.push(
        `${title}: ${all - kept.flat().length} of ${all} rounds left out, the machine was busy with other work.`,
      )
  }
  return notes
}
