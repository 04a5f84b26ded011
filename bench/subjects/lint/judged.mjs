/**
 * Holds findings against labels, by rule: `{ right, wrong, overlooked, maybe, maybeFound }`, where right, overlooked and
 * maybe are of labels, wrong of findings. A line is one case, however much of it is found. What is labelled `maybe`
 * counts neither way: neither a finding there nor none is wrong.
 */
export function judgeFindings(files, ruleIds) {
  const counts = Object.fromEntries(
    ruleIds.map((id) => [id, { right: 0, wrong: 0, overlooked: 0, maybe: 0, maybeFound: 0 }]),
  )
  for (const { labels, findings } of files) {
    for (const rule of ruleIds) {
      const count = counts[rule]
      const verdicts = new Map()
      for (const label of labels) {
        if (label.rule !== rule) continue
        verdicts.set(label.line, stronger(verdicts.get(label.line), label.verdict))
      }
      const found = new Set(
        findings.filter((finding) => finding.rule === `telltale/${rule}`).map(({ line }) => line),
      )
      for (const [line, verdict] of verdicts) {
        if (verdict === 'maybe') count.maybe += 1
        if (verdict === 'maybe' && found.has(line)) count.maybeFound += 1
        if (verdict === 'yes') count[found.has(line) ? 'right' : 'overlooked'] += 1
      }
      for (const line of found) if (!['yes', 'maybe'].includes(verdicts.get(line))) count.wrong += 1
    }
  }
  return counts
}

// Of two catches on a line, one may be to report and the other not.
const order = ['no', 'maybe', 'yes']

function stronger(one, other) {
  return order.indexOf(one) > order.indexOf(other) ? one : other
}
