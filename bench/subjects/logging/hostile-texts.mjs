import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { median } from '../../harness/stats.mjs'
import { compare } from '../../harness/verdict.mjs'

const program = fileURLToPath(new URL('hostile-case.mjs', import.meta.url))
// Screening stops a little behind the place where a text is cut: where that is late, nearly all of it is screening.
const cuts = { default: 'cut at 16 Ki', late: 'cut at 1 Mi' }
const titles = { redact: 'redact(text)', log: "log.info('…', { text })" }

/** Linear time: 10 MB of near-matches of each detector cost at most three times as much as 10 MB of plain text. */
export async function hostileTexts({ runs }, say) {
  const rows = []
  for (const [cut, title] of Object.entries(cuts)) {
    const results = []
    for (let run = 0; run < runs[cut]; run++) {
      say(`hostile texts, ${title}: run ${run + 1} of ${runs[cut]}`)
      const child = startChild(program, [cut])
      results.push(await child.next(120_000))
      await child.stop()
    }
    const families = [...new Set((results[0] ?? []).map(({ family }) => family))]
    const acts = Object.keys(titles)
    rows.push(...families.map((family) => worst(acts.map((act) => row(family, act, results, title)))))
  }
  return {
    rows,
    notes: [
      'Hostile texts: redact(text) and log.info with it as a field are both measured, the row is of the one that is worse beside plain text. `pii` is on, so that its detectors are asked too.',
    ],
  }
}

function row(family, act, results, cut) {
  const pairs = results.map((run) => run.find((each) => each.family === family && each.act === act))
  return compare({
    name: `10 MB of ${family}, ${cut}: ${titles[act]}`,
    unit: 'ms CPU',
    groups: pairs.map(({ hostile, plain }) => [{ telltale: hostile, 'plain text': plain }]),
    better: 'less',
    against: 'plain text',
    goal: 1 / 3,
  })
}

function worst(rows) {
  return rows.reduce((one, other) => (median(other.ci) < median(one.ci) ? other : one))
}
