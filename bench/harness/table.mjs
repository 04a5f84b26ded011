const mostColumns = 4

const styles = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] }

/**
 * A result as a table for people: one line a row, ours first, then each peer and in brackets how many times as good
 * as it we are; the interval, the goal and the verdict at the end; notes below. Ends with a line break.
 */
export function table({ subject, rows, ok, notes, quick, node, seconds }, { color = false } = {}) {
  const paint = (style, text) =>
    color ? `\u001b[${styles[style][0]}m${text}\u001b[${styles[style][1]}m` : text
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))]
  const cellOf = (row, peer) => `${number(row.peers[peer])} (${row.ratios[peer].toFixed(2)}×)`
  // A column for each peer where they are few; where they are many, one for the peer that the row is about.
  const columns =
    peers.length <= mostColumns
      ? peers.map((peer) => ({ head: peer, cell: (row) => (peer in row.peers ? cellOf(row, peer) : '') }))
      : [{ head: 'peer', cell: (row) => (row.against in row.peers ? cellOf(row, row.against) : '') }]
  const head = ['', 'unit', 'telltale', ...columns.map((column) => column.head), '95 % interval', 'goal', '']
  const cells = rows.map((row) => [
    row.name,
    row.unit,
    ofRow(row, row.ours),
    ...columns.map((column) => column.cell(row)),
    interval(row),
    goalOf(row),
    verdictOf(row)[1],
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column].length)))
  const text = (line) =>
    line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
  const line = (row, index) => {
    const padded = text(row)
    const last = padded.length - 1
    padded[0] = paint('bold', padded[0])
    padded[last] = paint(verdictOf(rows[index])[0], row[last])
    return padded.join('  ').trimEnd()
  }
  const footnotes = rows.filter((row) => row.note !== undefined).map((row) => `${row.name}: ${row.note}.`)
  return [
    '',
    `${paint('bold', subject)}  ${paint('dim', `${quick ? 'quick, ' : ''}${seconds} s, Node ${node}, in brackets how many times as good as the peer`)}`,
    '',
    paint('dim', text(head).join('  ').trimEnd()),
    ...cells.map(line),
    '',
    ...[...footnotes, ...notes].map((note) => paint('dim', note)),
    ...summary(rows, ok, paint),
    '',
  ].join('\n')
}

/** Three digits that mean something, and no more. */
export function number(value) {
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en-GB')
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

// A count is a whole number; a measurement has as many digits as mean something.
function ofRow({ measure }, value) {
  return measure === 'most' && Number.isInteger(value) ? value.toLocaleString('en-GB') : number(value)
}

function interval(row) {
  const { ci, measure, against, unit } = row
  const [low, high] = ci
  if (measure === 'most' || measure === 'value') return `${ofRow(row, low)} to ${ofRow(row, high)} ${unit}`
  return measure === 'difference'
    ? `${signed(low)} to ${signed(high)} ${unit} on ${against}`
    : `${low.toFixed(2)} to ${high.toFixed(2)} × ${against}`
}

function goalOf(row) {
  const { goal, bound, measure, unit } = row
  if (goal === null) return ''
  if (measure === 'most') return `≤ ${ofRow(row, goal)} ${unit}`
  const sign = bound === 'least' ? '≥' : '≤'
  if (measure === 'value') return `${sign} ${number(goal)} ${unit}`
  return measure === 'difference' ? `${sign} ${signed(goal)} ${unit}` : `${sign} ${Number(goal.toFixed(2))} ×`
}

function verdictOf({ goal, ok, undecided }) {
  if (goal === null) return ['dim', '']
  if (undecided) return ['yellow', '~ undecided']
  return ok ? ['green', '✓ met'] : ['red', '✗ missed']
}

function summary(rows, ok, paint) {
  if (rows.every((row) => row.goal === null)) return []
  if (!ok) return [paint('red', 'A goal is missed.')]
  const undecided = rows.filter((row) => row.undecided).length
  return [
    undecided === 0
      ? paint('green', 'Every goal is met.')
      : paint('yellow', `No goal is missed; ${undecided} undecided.`),
  ]
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`
}
