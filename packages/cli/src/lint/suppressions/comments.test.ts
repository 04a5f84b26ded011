import { expect, test } from 'vitest'
import { commentsOf } from './comments.js'

const texts = (code: string) => commentsOf(code).map(({ text }) => text.trim())

test('finds comments with their places', () => {
  expect(commentsOf('/* a\n b */ x() // c\n  //d\r\n//e')).toEqual([
    { text: ' a\n b ', line: 1, column: 1, isBlock: true },
    { text: ' c', line: 2, column: 11, isBlock: false },
    { text: 'd', line: 3, column: 3, isBlock: false },
    { text: 'e', line: 4, column: 1, isBlock: false },
  ])
})

test.each([
  ['strings', `const a = "// no"; const b = '/* no \\' // no'; // yes`],
  ['templates, and what they hold', 'const a = `// no ${f({ b: `/* no */` })} // no`; // yes'],
  ['regular expressions', String.raw`const a = /\/\/ no/; const b = x.match(/[/"'//]/); // yes`],
  ['a regular expression after a keyword', 'function f() { return /"/.test(x) } // yes'],
  ['divisions', 'const a = b / c; const d = (e) / f[0] / g; const h = "x" // yes'],
  ['JSX', `const a = <p title="// no">it's</p>\nconst b = <Br x={y} /> // yes`],
  ['a string that does not end', `const a = 'no\n// yes`],
  ['private names and escapes', String.raw`class A { #x = 1; y() { return this.#x / 2 } } // yes`],
  ['a comment that does not end', '/* yes'],
])('steps over %s', (_name, code) => {
  expect(texts(code)).toEqual(['yes'])
})

test('ends with any text', () => {
  for (const code of ['`', '`${', '`${`', '/', '"\\', '}', '`${}}`', "'", '//', '/*', '/**/', '<', '#'])
    expect(() => commentsOf(code), code).not.toThrow()
})

test('takes a bundle of one long line', () => {
  const code = `/* eslint-disable */${'a("x",`y${b}`)/c;'.repeat(40_000)}// end`
  expect(texts(code)).toEqual(['eslint-disable', 'end'])
}, 5000)
