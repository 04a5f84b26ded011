import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLineCheck, topLevelKeys } from '../start/line-check.js'
import { readLines } from '../start/lines.js'

const at = (micros: string): string => `2026-01-02T03:04:05.${micros}Z`
const head = `{"timestamp":"${at('000001')}","level":"info","logger":"l","event":"e","service":"s"`
const problemOf = (...lines: string[]): string | undefined => {
  const check = createLineCheck()
  return lines.map(check).find(({ problem }) => problem !== undefined)?.problem
}

test('a line in order passes, with its ids and fields', () => {
  expect(
    problemOf(`${head},"version":"1","request_id":"r","trace_id":"t","flow_id":"f","a":{"level":"x"},"7":1}`),
  ).toBeUndefined()
})

test.each([
  ['is not JSON', 'hello'],
  ['is not JSON', `${head}`],
  ['is not JSON', `${head}} {}`],
  ['is not a JSON object', '[]'],
  ['is not a JSON object', 'null'],
  ['has no service', `{"timestamp":"${at('000001')}","level":"info","logger":"l","event":"e"}`],
  ['has the key event twice', `${head},"event":"e"}`],
  ['has the key a twice', `${head},"a":1,"a":2}`],
  ['has the key request_id out of its place', `${head},"a":1,"request_id":"r"}`],
  ['has the key trace_id out of its place', `${head},"span_id":"s","trace_id":"t"}`],
  [
    'has the key timestamp out of its place',
    `{"level":"info","timestamp":"${at('000001')}","logger":"l","event":"e","service":"s"}`,
  ],
  ['has the timestamp "2026-01-02T03:04:05Z"', `${head}}`.replace('.000001Z', 'Z')],
  ['has the level "warn"', `${head}}`.replace('info', 'warn')],
])('what %s is found', (problem, line) => {
  expect(problemOf(line)?.replaceAll('"', '')).toBe(problem.replaceAll('"', ''))
})

test('time never goes back, and may stand still', () => {
  const line = (micros: string): string => `${head}}`.replace(at('000001'), at(micros))
  expect(problemOf(line('000002'), line('000002'), line('000003'))).toBeUndefined()
  expect(problemOf(line('000002'), line('000001'))).toContain('goes back in time')
  const recorded = line('000001').replace(/}$/, ',"recorded":true}')
  expect(problemOf(line('000002'), recorded, line('000002'))).toBeUndefined()
  expect(problemOf(line('000002'), recorded, line('000001'))).toContain('goes back in time')
})

test('top-level keys come as written, from any text with braces and quotes in it', () => {
  expect(topLevelKeys('{"b":1,"2":{"x":"}:{"},"a\\"":["{",{"y":2}],"1":":","b":null}')).toEqual([
    'b',
    '2',
    'a"',
    '1',
    'b',
  ])
})

test('lines are whole whatever the chunks, the last one with or without its line feed', async () => {
  const bytes = Buffer.from('one\nzwei ä\n\ndrei')
  const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
  const lines: string[] = []
  await readLines(Readable.from(chunks), (line) => void lines.push(line))
  expect(lines).toEqual(['one', 'zwei ä', '', 'drei'])
})
