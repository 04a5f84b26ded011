const marker = /[ \t]*\/\/= (.*)$/
const judged = { return: 'no-silent-return', catch: 'no-silent-catch' }
const others = [
  'bounded-labels',
  'error-with-context',
  'no-console',
  'no-double-report',
  'no-sensitive-fields',
  'structured-event',
]

/**
 * Takes the labels out of a file of the corpus: `code` is what is linted, with its lines where they were, `labels` are
 * `{ line, rule, verdict, reason }`. A label is `return: yes|no|maybe  reason`, `catch: …`, or `<rule>  reason`, whose
 * verdict is yes. Throws on a marker that says nothing of these.
 */
export function readLabels(text, name = 'a file') {
  const labels = []
  const lines = text.split('\n').map((line, index) => {
    const found = marker.exec(line)
    if (found === null) return line
    for (const said of found[1].split(' //= '))
      labels.push({ line: index + 1, ...labelIn(said, `${name}:${index + 1}`) })
    return line.slice(0, found.index)
  })
  return { code: lines.join('\n'), labels }
}

function labelIn(said, at) {
  const [, kind, verdict, reason] = /^([\w-]+)(?:: (yes|no|maybe))? {2}(\S.*)$/.exec(said) ?? []
  if (verdict !== undefined && Object.hasOwn(judged, kind)) return { rule: judged[kind], verdict, reason }
  if (verdict === undefined && others.includes(kind)) return { rule: kind, verdict: 'yes', reason }
  throw new Error(
    `${at}: a label is "return: yes|no|maybe  reason", "catch: …", or "<rule>  reason", got "${said}".`,
  )
}
