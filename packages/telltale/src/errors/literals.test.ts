import { expect, it } from 'vitest'
import { withoutLiterals } from './literals.js'

it.each([
  [`const a = 'x', b = "y"`, `const a = '…', b = "…"`],
  [`login('bob', 'it\\'s "me"')`, `login('…', '…')`],
  ["const t = `a ${b + 'c'} d ${`e ${f}`} g`; h", "const t = `…${b + '…'}…${`…${f}`}…`; h"],
  ['const t = `\n  secret\n  more`\nnext()', 'const t = `\n…\n…`\nnext()'],
  ['const t = `${ { a: { b } } }x`', 'const t = `${ { a: { b } } }…`'],
  ["a() // don't tell\nb('c')", "a() //…\nb('…')"],
  ["a /* one\n * two */ + 'c'", "a /*…\n… + '…'"],
  [`const r = /['"]\\/[/']/g.test('x') / 2 / 3`, `const r = /…/g.test('…') / 2 / 3`],
  [`return /'/.exec("x")`, `return /…/.exec("…")`],
  [`<p>don't</p>\n'x'`, `<p>don'…\n'…'`],
  [`const a = ''`, `const a = ''`],
  ['"open', '"…'],
  ['`open\nagain', '`…\n…'],
])('%s', (code, shown) => {
  expect(withoutLiterals(code)).toBe(shown)
  expect(shown.split('\n').length).toBe(code.split('\n').length)
})
