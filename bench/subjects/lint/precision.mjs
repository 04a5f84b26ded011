import { readCorpus, countBy, withTemporaryFolder } from './corpus.mjs'
import { differences, eslintFindings, oxlintFindings } from './hosts.mjs'
import { judgeFindings } from './judged.mjs'
import { share, within } from '../../harness/verdict.mjs'

const ruleIds = [
  'no-silent-return',
  'no-silent-catch',
  'error-with-context',
  'structured-event',
  'no-sensitive-fields',
  'bounded-labels',
  'no-double-report',
  'no-console',
]

// The least share in per cent. What is not here is shown and held against nothing: too few are labelled.
const goals = { 'no-silent-return': { precision: 85, recall: 80 } }

/** What each rule finds of what is labelled, in the backends that rules were written with and in the others, apart. */
export async function precision(say) {
  const corpus = readCorpus()
  say(`linting ${corpus.length} backends with both hosts`)
  const [byEslint, byOxlint] = await withTemporaryFolder(async (folder) => [
    eslintFindings(corpus, folder),
    await oxlintFindings(corpus, folder),
  ])
  const different = differences(byEslint, byOxlint)
  const parts = [
    ['dev', corpus.filter(({ isHeldOut }) => !isHeldOut)],
    ['held out', corpus.filter(({ isHeldOut }) => isHeldOut)],
  ].map(([part, backends]) => {
    const files = backends.flatMap(({ name, files }) =>
      files.map(({ path, labels }) => ({ labels, findings: byEslint.get(`${name}/${path}`) })),
    )
    return { part, counts: judgeFindings(files, ruleIds) }
  })
  return {
    rows: [
      ...ruleIds.flatMap((rule) => parts.flatMap(({ part, counts }) => rowsOf(rule, part, counts[rule]))),
      within({
        name: 'findings that one host alone has',
        unit: 'findings',
        values: [different.length],
        goal: 0,
        always: true,
        ...(different.length > 0 && { note: different.slice(0, 5).join('; ') }),
      }),
    ],
    notes: [
      ...parts.map(
        ({ part, counts }) => `${part}: ${ruleIds.map((rule) => told(rule, counts[rule])).join('; ')}.`,
      ),
      'What is labelled maybe counts neither way.',
      ...corpusNotes(corpus),
    ],
  }
}

function rowsOf(rule, part, { right, wrong, overlooked }) {
  const row = (what, of) =>
    of === 0
      ? []
      : [share({ name: `${rule}, ${part}: ${what}`, hits: right, of, goal: goals[rule]?.[what] ?? null })]
  return [...row('precision', right + wrong), ...row('recall', right + overlooked)]
}

function told(rule, { right, wrong, overlooked, maybe, maybeFound }) {
  const unsure = maybe === 0 ? '' : `, ${maybeFound} of ${maybe} maybe`
  return `${rule} ${right} right, ${wrong} wrong, ${overlooked} overlooked${unsure}`
}

function corpusNotes(corpus) {
  const listOf = (keyOf) =>
    Object.entries(countBy(corpus, keyOf))
      .map(([key, count]) => `${key} ${sum(count.returns)} and ${sum(count.catches)}`)
      .join(', ')
  const { all } = countBy(corpus, () => 'all')
  const verdicts = (counts) => `${counts.yes} yes, ${counts.no} no, ${counts.maybe ?? 0} maybe`
  return [
    `Corpus: ${corpus.length} backends, ${all.files} files, ${all.lines} lines; ${sum(all.returns)} early returns (${verdicts(all.returns)}), ${sum(all.catches)} catches (${verdicts(all.catches)}), ${all.others} labels of other rules.`,
    `Early returns and catches by backend: ${listOf(({ name, isHeldOut }) => (isHeldOut ? `${name} (held out)` : name))}.`,
    `By framework: ${listOf(({ framework }) => framework)}.`,
    `By logger: ${listOf(({ logger }) => logger)}.`,
  ]
}

function sum(counts) {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}
