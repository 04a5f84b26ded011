// Draws coloured terminal output as an SVG, for the README:
//   FORCE_COLOR=1 npm start -- --seconds 14 --seed 3 > run.ansi
//   node scripts/terminal-svg.mjs FIRST LAST COLUMNS < run.ansi > docs/images/console.svg
import { readFileSync } from 'node:fs'

const [first = '1', last = '40', columns = '130'] = process.argv.slice(2)
const [lineHeight, charWidth, size, pad] = [19, 7.83, 13, 18]
const basic = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' }
const text = '#e6edf3'

const lines = readFileSync(0, 'utf8')
  .split('\n')
  .slice(Number(first) - 1, Number(last))
const width = Math.ceil(Number(columns) * charWidth) + 2 * pad
const height = lines.length * lineHeight + 2 * pad
const rows = lines.map(
  (line, row) => `<text x="${pad}" y="${pad + 14 + row * lineHeight}">${spans(line)}</text>`,
)

process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>The example service on the console</title>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" fill="${text}" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`,
)

function spans(line) {
  let column = 0
  let style = {}
  let out = ''
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1]
    if (codes !== undefined) {
      style = next(style, codes.split(';').map(Number))
      continue
    }
    const shown = part.slice(0, Math.max(0, Number(columns) - column)).trimStart()
    if (shown !== '') {
      // Each piece at its own column: fonts differ in how wide they draw arrows and dots, and SVG drops leading spaces.
      const x = (pad + (column + part.indexOf(shown)) * charWidth).toFixed(1)
      out += `<tspan x="${x}"${attributes(style)}>${escape(shown)}</tspan>`
    }
    column += [...part].length
  }
  return out
}

function next(style, [code, kind, index]) {
  if (code === 38 && kind === 5) return { ...style, fill: palette(index) }
  if (code === 1 && kind !== undefined) return { ...style, bold: true, fill: basic[kind] }
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  return basic[code] ? { ...style, fill: basic[code] } : {}
}

/** The 6 × 6 × 6 cube of the 256 colours, a little lighter for the dark ground. */
function palette(index) {
  const level = (n) => (n === 0 ? 60 : 95 + n * 32)
  const n = index - 16
  return `rgb(${level(Math.floor(n / 36))},${level(Math.floor(n / 6) % 6)},${level(n % 6)})`
}

function attributes({ fill, bold, dim }) {
  return `${fill ? ` fill="${fill}"` : ''}${bold ? ' font-weight="600"' : ''}${dim ? ' opacity="0.6"' : ''}`
}

function escape(shown) {
  return shown.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
