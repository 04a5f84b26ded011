import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineSplitter } from './lines.js'

test('chunks cut anywhere, within characters too, give the same lines', () => {
  const text = fc.string({ unit: 'grapheme' }).map((one) => one.replace(/[\r\n\ufeff\ufffd]/g, ''))
  fc.assert(
    fc.property(fc.array(text), fc.array(fc.nat(64)), fc.boolean(), (lines, cuts, isClosed) => {
      const bytes = Buffer.from(lines.join('\n') + (isClosed ? '\n' : ''))
      const splitter = createLineSplitter()
      const found: string[] = []
      let at = 0
      for (const cut of [...cuts, bytes.length]) {
        found.push(...splitter.push(bytes.subarray(at, at + cut)).map((line) => line.text))
        at += cut
      }
      const last = splitter.end()
      if (last !== undefined) found.push(last.text)
      const wanted = isClosed || lines.at(-1) !== '' ? lines : lines.slice(0, -1)
      expect(found).toEqual(lines.length === 0 && isClosed ? [''] : wanted)
    }),
  )
})

test('a line longer than the limit is cut at a character and its loss counted; the next is whole', () => {
  const splitter = createLineSplitter(10)
  const lines = splitter.push(Buffer.from(`${'ä'.repeat(5)}äää\nabc\n123456789ä\n`))
  expect(lines).toEqual([
    { text: 'äääää', lost: 6 },
    { text: 'abc', lost: 0 },
    { text: '123456789', lost: 1 },
  ])
})

test('a line that never ends is held once, up to the limit', () => {
  const splitter = createLineSplitter(1000)
  const chunk = Buffer.alloc(65_536, 'a')
  for (let count = 0; count < 100; count++) expect(splitter.push(chunk)).toEqual([])
  expect(splitter.end()).toEqual({ text: 'a'.repeat(1000), lost: 6_553_600 - 1000 })
})

test('Windows line ends and a byte order mark are no text', () => {
  expect(
    createLineSplitter()
      .push(Buffer.from('\ufeffa\r\nb\n'))
      .map(({ text }) => text),
  ).toEqual(['a', 'b'])
})
