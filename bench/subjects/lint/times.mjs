import { join } from 'node:path'
import { order, roundsUntil } from '../../harness/rounds.mjs'
import { compare } from '../../harness/verdict.mjs'
import { readCorpus, withTemporaryFolder, writeBackends } from './corpus.mjs'
import { findingsOf, lint, linters, writeOxlintConfigs } from './linters.mjs'

/**
 * What our rules add to a run of ESLint, and how much sooner oxlint is done with them: on the corpus, and on a number of
 * copies of it, beside which a start is little; `checked` is of how many backends it is checked before that all linters
 * find the same. Every run is a process of its own, all linters in alternation.
 */
export async function times({ copies, checked }, time, say) {
  const corpus = readCorpus()
  return withTemporaryFolder(async (temporary) => {
    const sizes = { corpus: 1, [`${copies} copies`]: copies }
    for (const [size, count] of Object.entries(sizes)) {
      for (let copy = 1; copy <= count; copy++) writeBackends(corpus, join(temporary, size, `copy-${copy}`))
      writeOxlintConfigs(join(temporary, size))
    }
    say('checking that every linter finds what it should')
    const some = corpus.slice(0, checked)
    writeBackends(some, join(temporary, 'checked'))
    writeOxlintConfigs(join(temporary, 'checked'))
    const note = `Before measuring, in ${some.length} backends: ${await verify(join(temporary, 'checked'))}.`

    const rows = []
    // Rounds of the copies take longer, and there must be enough of them.
    for (const [index, size] of Object.keys(sizes).entries()) {
      const folder = join(temporary, size)
      const groups = await roundsUntil(time.share(index === 0 ? 3 : 1), async (round) => {
        say(`${size}: round ${round + 1}, ${Math.round(time.left() / 1000)} s left`)
        const measured = {}
        for (const name of order(Object.keys(linters), round)) measured[name] = await lint(name, folder)
        // Every round starts fresh processes: each is a group of its own.
        return [measured]
      })
      rows.push(...rowsOf(size, groups))
    }
    return { rows, notes: [note] }
  })
}

/** Nobody is measured broken: with our rules both hosts find the same, without them nothing of ours and all of their own. */
async function verify(folder) {
  const found = {}
  for (const name of Object.keys(linters)) found[name] = await findingsOf(name, folder)
  const expected = found['eslint-telltale'].ours
  if (expected.length === 0) throw new Error('ESLint finds nothing of ours.')
  for (const [name, { ours, others }] of Object.entries(found)) {
    const should = name.includes('telltale') ? expected : []
    if (ours.join('\n') !== should.join('\n'))
      throw new Error(`${name} has ${ours.length} findings of ours, and not the ${should.length} it should.`)
    const beside = found[name.replace(/-telltale$/, '')].others
    if (name.endsWith('alone') ? others > 0 : others === 0 || others !== beside)
      throw new Error(`${name} has ${others} findings of other rules, and ${beside} without ours.`)
  }
  return `all linters with our rules have the same ${expected.length} findings of theirs, beside ${found.eslint.others} of typescript-eslint's and ${found.oxlint.others} of oxlint's`
}

function rowsOf(size, groups) {
  const row = (name, ours, [peer, theirs], { field, unit, goal = null }) =>
    compare({
      name: `${size}: ${name}`,
      unit,
      groups: groups.map((rounds) =>
        rounds.map((round) => ({ telltale: round[ours][field], [peer]: round[theirs][field] })),
      ),
      better: 'less',
      against: peer,
      goal,
    })
  const cpu = { field: 'cpuMs', unit: 'ms CPU' }
  const wall = { field: 'wallMs', unit: 'ms' }
  return [
    row(
      'ESLint with our rules, on top of typescript-eslint',
      'eslint-telltale',
      ['typescript-eslint', 'eslint'],
      {
        ...cpu,
        goal: 1 / 1.25,
      },
    ),
    row('oxlint with our rules, against ESLint with them', 'oxlint-telltale', ['ESLint', 'eslint-telltale'], {
      ...wall,
      goal: 4,
    }),
    row(
      'oxlint with our rules, against ESLint with them, in CPU',
      'oxlint-telltale',
      ['ESLint', 'eslint-telltale'],
      cpu,
    ),
    row('oxlint with our rules alone', 'oxlint-telltale-alone', ['ESLint', 'eslint-telltale-alone'], wall),
    row('oxlint with our rules, on top of its own', 'oxlint-telltale', ['oxlint', 'oxlint'], wall),
  ]
}
