import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/children.mjs'
import { budget } from '../harness/rounds.mjs'
import { quietRounds, underLoad } from '../harness/under-load.mjs'
import { compare } from '../harness/verdict.mjs'
import { requests } from './request/requests.mjs'
import { verify } from './request/verify.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

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
    rows: Object.keys(frameworks).flatMap((name) => rowsOf(frameworks[name], quietRounds(samples[name]))),
    notes: notesOf(samples, checked),
  }
}

/** One set of fresh processes, measured until `end`; `past` rounds were before. */
async function generation(framework, end, { server, ...plan }) {
  // /dev/null, the same for all: every variant encodes and writes its lines, and no disk or reader adds its noise.
  const children = variants.map((variant) => [variant, server(framework, variant, 'ignore')])
  const servers = {}
  for (const [variant, child] of children) servers[variant] = { child, port: (await child.next()).port }
  const rounds = await underLoad({ servers, requests, end, ...plan })
  await Promise.all(Object.values(servers).map(({ child }) => child.stop()))
  return rounds
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
    const { groups: kept, decides } = quietRounds(groups)
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
