import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/children.mjs'
import { budget, order, roundsUntil } from '../harness/rounds.mjs'
import { compare } from '../harness/verdict.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

const entries = {
  telltale: 'import telltale, setup()',
  'telltale-fastify': 'import telltale and telltale/fastify, setup()',
}

export async function run({ quick, say }) {
  const time = budget(quick ? 40_000 : 180_000)
  const programs = [...Object.keys(entries), 'glue', 'bare']
  // The first start of each reads its files from the disk: not what a start costs.
  for (const program of programs) await start(program)

  const rounds = await roundsUntil(time.share(1), async (round) => {
    if (round % 5 === 0) say(`round ${round + 1}, ${Math.round(time.left() / 1000)} s left`)
    const measured = {}
    for (const program of order(programs, round)) measured[program] = await start(program)
    return measured
  })
  return {
    rows: Object.entries(entries).flatMap(([program, name]) => rowsOf(program, name, rounds)),
    notes: [],
  }
}

/** Starts a process of its own and waits for its word that it is ready: the wall time from here, the rest from it. */
async function start(program) {
  const begun = performance.now()
  const child = startChild(here(`start/${program}.mjs`))
  const { cpuMs, rssMb } = await child.next()
  const wallMs = performance.now() - begun
  await child.stop()
  return { wallMs, cpuMs, rssMb }
}

function rowsOf(program, name, rounds) {
  const row = (what, unit, field, goal) =>
    compare({
      name: `${name}: ${what} more than bare`,
      unit,
      // Every round starts fresh processes: each is a group of its own.
      groups: rounds.map((round) => [
        { telltale: round[program][field], bare: round.bare[field], glue: round.glue[field] },
      ]),
      better: 'less',
      against: 'bare',
      measure: 'difference',
      goal,
    })
  return [
    row('wall', 'ms', 'wallMs', 40),
    row('CPU', 'ms', 'cpuMs', null),
    row('memory', 'MB', 'rssMb', null),
  ]
}
