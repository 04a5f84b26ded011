import { expect, it } from 'vitest'
import { jsonOf, plain } from './json.js'

it.each<[value: unknown, read: unknown]>([
  ['a\ud83db', 'a\ufffdb'],
  ['a\ude00', 'a\ufffd'],
  ['\ud83d\ud83d\ude00', '\ufffd😀'],
  ['\\ud83d \\\\ud83d', '\\ud83d \\\\ud83d'],
  ['\\\ud83d', '\\\ufffd'],
  ['\u0001"\n\\', '\u0001"\n\\'],
  [{ 'k\udbff': ['v\udc00'] }, { 'k\ufffd': ['v\ufffd'] }],
  [10n, '10'],
  [undefined, null],
])('is UTF-8, whatever the text: %#', (value, read) => {
  expect(JSON.parse(jsonOf(value))).toEqual(read)
  expect(plain(value)).toEqual(read)
  expect(Buffer.from(jsonOf(value)).toString()).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/)
})
