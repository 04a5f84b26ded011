import { order, roundsUntil } from '../../harness/rounds.mjs'
import { enoughGroups, compare } from '../../harness/verdict.mjs'
import { cases, python } from './cases.mjs'
import { cost, survivors } from './cost.mjs'

const places = ['pipe', 'file']
const ends = ['exit', 'sigterm', 'throw']
const peers = Object.keys(cases).filter(
  (variant) => variant !== 'telltale' && (!cases[variant].python || python !== undefined),
)
const withGoal = peers.filter((peer) => cases[peer].goal !== undefined)
const others = peers.filter((peer) => cases[peer].goal === undefined)

/**
 * One row for each destination and peer: rounds of fresh processes, the peers with a goal in each of them, the others
 * in `plan.others` rounds. Without a goal few rounds are enough, and some of them take long.
 */
export async function againstPeers(plan, deadline, say) {
  const rare = []
  for (let round = 0; round < plan.others; round++) rare.push(await measured(round, others, plan, say))
  const rounds = await roundsUntil(deadline, (round) => measured(round, withGoal, plan, say))
  // On a slow machine the time is over: what is held against goals has its groups all the same.
  while (rounds.length < enoughGroups) rounds.push(await measured(rounds.length, withGoal, plan, say))
  return places.flatMap((place) => [
    ...withGoal.map((peer) => row(place, peer, rounds)),
    ...others.map((peer) => row(place, peer, rare)),
  ])
}

async function measured(round, peersOfIt, plan, say) {
  const result = {}
  for (const place of places) {
    say(`${place}: round ${round + 1} of ${peersOfIt.join(', ')}`)
    result[place] = {}
    for (const variant of order(['telltale', ...peersOfIt], round))
      result[place][variant] = await cost(variant, place, plan)
  }
  return result
}

function row(place, peer, rounds) {
  return compare({
    name: `${place}: an event, against ${cases[peer].title}`,
    unit: 'µs CPU',
    groups: rounds.map((round) => [{ telltale: round[place].telltale, [peer]: round[place][peer] }]),
    better: 'less',
    against: peer,
    goal: cases[peer].goal ?? null,
  })
}

/** How each writes, what of it survives ends that nobody announced, and what is not measured here and why. */
export async function notesOfPeers(withSurvivors, say) {
  const notes = [
    'pipe: a FIFO, drained by another process whose CPU is not counted. file: on the disk, in the system’s cache. Each process writes until its last line is out, and exactly as many lines must arrive as were logged.',
    'Telltale’s recorder and flood guard are off in rows with peers.',
    withSurvivors
      ? `Survivors: of 1,000 lines logged in one turn arrive on a pipe / in a file, where in that turn comes ${ends.join(', ')}.`
      : 'Which lines survive process.exit, SIGTERM and a throw is measured without --quick.',
  ]
  for (const variant of ['telltale', ...peers]) {
    const { as, writes } = cases[variant]
    if (as !== undefined) {
      notes.push(`${variant}: writes as ${as}.`)
      continue
    }
    if (!withSurvivors) {
      notes.push(`${variant}: ${writes}.`)
      continue
    }
    say(`which lines of ${variant} survive an end`)
    const counts = []
    for (const end of ends) {
      const arrived = []
      for (const place of places) arrived.push(await survivors(variant, place, end))
      counts.push(`${end} ${arrived.map((count) => count.toLocaleString('en-GB')).join(' / ')}`)
    }
    notes.push(`${variant}: ${writes}. Survivors: ${counts.join(', ')}.`)
  }
  if (python === undefined) notes.push('structlog is not measured: python3-structlog is not installed.')
  return notes
}
