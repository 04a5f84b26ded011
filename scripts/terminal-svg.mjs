// Draws coloured terminal output as an SVG, for the README:
//   FORCE_COLOR=1 npm start -- --seconds 14 --seed 3 > run.ansi
//   node scripts/terminal-svg.mjs FIRST LAST COLUMNS [dark|light] < run.ansi > docs/images/console.svg
import { readFileSync } from 'node:fs'

const [first = '1', last = '40', columns = '130', theme = 'dark'] = process.argv.slice(2)
const [lineHeight, charWidth, size, pad] = [19, 7.83, 13, 18]
const themes = {
  dark: {
    text: '#e6edf3',
    ground: '#0d1117',
    basic: { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' },
    // The 256 colours a little lighter, as terminals on a dark ground draw them.
    level: (n) => (n === 0 ? 60 : 95 + n * 32),
  },
  light: {
    text: '#1f2328',
    ground: '#ffffff',
    basic: { 31: '#cf222e', 32: '#116329', 33: '#9a6700', 34: '#0969da', 35: '#8250df', 36: '#1b7c83' },
    level: (n) => (n === 0 ? 0 : 55 + n * 40),
  },
}
const { text, ground, basic, level } = themes[theme]

const lines = readFileSync(0, 'utf8')
  .split('\n')
  .slice(Number(first) - 1, Number(last))
const width = Math.ceil(Number(columns) * charWidth) + 2 * pad
const height = lines.length * lineHeight + 2 * pad
const rows = lines.map((line, row) => spans(line, pad + 14 + row * lineHeight))

process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>The example service on the console</title>
<rect width="100%" height="100%" rx="10" fill="${ground}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" fill="${text}" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`,
)

function spans(line, y) {
  let column = 0
  let style = {}
  let out = ''
  let grounds = ''
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1]
    if (codes !== undefined) {
      style = next(style, codes.split(';').map(Number))
      continue
    }
    // Each piece at its own column: fonts differ in how wide they draw arrows and dots, and SVG drops spaces.
    for (const { 0: piece, index } of part.matchAll(/\S+(?: \S+)*/g)) {
      const start = column + [...part.slice(0, index)].length
      const shown = [...piece].slice(0, Math.max(0, Number(columns) - start)).join('')
      const x = (pad + start * charWidth).toFixed(1)
      out += `<tspan x="${x}"${attributes(style)}>${escape(shown)}</tspan>`
      if (style.ground) {
        const size = ([...shown].length * charWidth).toFixed(1)
        grounds += `<rect x="${x}" y="${y - 14}" width="${size}" height="${lineHeight - 1}" fill="${style.ground}"/>`
      }
    }
    column += [...part].length
  }
  return `${grounds}<text x="${pad}" y="${y}">${out}</text>`
}

function next(style, codes) {
  if (codes[0] === 38 && codes[1] === 5) return { ...style, fill: palette(codes[2]) }
  let changed = style
  for (const code of codes) {
    if (code === 0) changed = {}
    else if (code === 1) changed = { ...changed, bold: true }
    else if (code === 2) changed = { ...changed, dim: true }
    else if (code === 37) changed = { ...changed, fill: '#ffffff' }
    else if (code === 41) changed = { ...changed, ground: '#cf222e' }
    else if (basic[code]) changed = { ...changed, fill: basic[code] }
  }
  return changed
}

/** A colour of the 6 × 6 × 6 cube of the 256. */
function palette(index) {
  const n = index - 16
  return `rgb(${level(Math.floor(n / 36))},${level(Math.floor(n / 6) % 6)},${level(n % 6)})`
}

function attributes({ fill, bold, dim }) {
  return `${fill ? ` fill="${fill}"` : ''}${bold ? ' font-weight="600"' : ''}${dim ? ' opacity="0.6"' : ''}`
}

function escape(shown) {
  return shown.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
