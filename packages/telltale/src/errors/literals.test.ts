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
  [`const r = /['"]\\/[/']/g.test('x') / 2 / 3`, `const r = /…/g.test('…') /…`],
  [`return /'/.exec("x")`, `return /…/.exec("…")`],
  [`<p>don't</p>\n'x'`, `<p>don'…\n'…'`],
  [`if (key) /a'b/.test(key)\nlogin('secret')`, `if (key) /…\nlogin('…')`],
  [`if (key) /a\`b/.test(key)\nlogin('secret')`, `if (key) …\n…`],
  [`if (a) {}\n/'/.test(a)\nlogin('secret')`, `if (a) {}\n/…\nlogin('…')`],
  [`i++ /2/ "'" / 3\nlogin('secret')`, `i++ /…\nlogin('…')`],
  [`const half = (a + b) / 2\nlogin('secret')`, `const half = (a + b) / 2\nlogin('…')`],
  [`a.return / 2 + '/'`, `a.return / 2 + '…'`],
  [`<p>a \` b</p>\nlogin(\`secret\`)`, `<p>a …\n…`],
  [`<p>don't {\`secret\nsecret\`}</p>`, `<p>don…\n…`],
  [`<p>http://x {\`secret\nsecret\`}</p>`, `<p>http:…\n…`],
  [`<a b={\`secret\`}>{f(\`secret\`)}</a>`, `<a b={\`…\`}>{f(\`…\`)}</a>`],
  [`<b>x</b><b>y</b>\nlogin('secret')`, `<b>x</…\nlogin('…')`],
  [`it's \`secret\nlogin('secret')`, `it…\n…`],
  [`const a = ''`, `const a = ''`],
  ['"open', '…'],
  ['`open\nagain', '…\n…'],
])('%s', (code, shown) => {
  expect(withoutLiterals(code)).toBe(shown)
  expect(shown.split('\n').length).toBe(code.split('\n').length)
})

it('takes a time that is linear in the code', () => {
  const each = `a = b / c; d(e) / f; g = 'h'; if (i) { j }\n`
  // A quadratic pass takes minutes for as much.
  expect(withoutLiterals(each.repeat(50_000)).length).toBe(each.length * 50_000)
})
