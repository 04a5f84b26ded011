/** Reads `SUBJECT [--quick] [--json]`: `{ subject, quick, json }`, or `{ error }` with what was given and what is taken. */
export function parseArgs(argv, subjects) {
  const names = Object.keys(subjects)
  const words = argv.filter((word) => !word.startsWith('-'))
  const json = argv.includes('--json')
  const unknown = argv.find((word) => word.startsWith('-') && word !== '--quick' && word !== '--json')
  if (unknown !== undefined) return { error: `Unknown option ${unknown}; there are --quick and --json.` }
  if (words.length === 0) return { error: 'Which subject? One name is needed.' }
  if (words.length > 1) return { error: `One subject at a time, got ${words.length}: ${words.join(' ')}.` }
  if (!names.includes(words[0])) return { error: `There is no subject "${words[0]}".` }
  return { subject: words[0], quick: argv.includes('--quick'), json }
}

/** The list that a wrong call is answered with. */
export function usage(subjects) {
  const width = Math.max(...Object.keys(subjects).map((name) => name.length))
  const lines = Object.entries(subjects).map(([name, { summary }]) => `  ${name.padEnd(width)}   ${summary}`)
  return [
    'npm run bench -- SUBJECT [--quick] [--json]',
    '',
    'Subjects',
    ...lines,
    '',
    'Options',
    '  --quick   end within a minute or so; the intervals are wider',
    '  --json    one object on stdout; progress stays on stderr',
    '',
  ].join('\n')
}
