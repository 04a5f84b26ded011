import { expect, it } from 'vitest'
import { paintNothing } from './colours.js'
import { errorTree } from './errors.js'
import { renderLine } from './layout.js'

function draw(error: Record<string, unknown>, width = 100): string {
  const lines = errorTree(error, '/srv/app', width - 14).map((line) => renderLine(line, width, paintNothing))
  return lines.join('\n').replaceAll(/^ {14}/gm, '')
}

const stack = (...frames: string[]) => ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n')

it('shows own fields after the code', () => {
  expect(
    draw({ type: 'Error', message: 'refused', code: 'ECONNREFUSED', syscall: 'connect', port: 5432 }),
  ).toBe('Error: refused   ECONNREFUSED   syscall=connect port=5432')
})

it('nests inner errors and causes', () => {
  const first = {
    type: 'TypeError',
    message: 'first',
    stack: stack('upload (/srv/app/src/upload.ts:9:3)'),
    cause: { type: 'Error', message: 'hang up' },
  }
  expect(draw({ type: 'AggregateError', message: 'both', errors: [first, 'text'], cause: 'why' })).toBe(
    [
      'AggregateError: both',
      '├ TypeError: first',
      '│   upload  src/upload.ts:9:3',
      '│ └ caused by Error: hang up',
      '├ text',
      '└ caused by why',
    ].join('\n'),
  )
})

it('shows ten inner errors and counts the rest', () => {
  const errors = Array.from({ length: 13 }, (_, index) => ({ type: 'Error', message: String(index) }))
  const lines = draw({ type: 'AggregateError', message: 'all', errors }).split('\n')
  expect(lines.length).toBe(12)
  expect(lines.at(-1)).toBe('└ and 3 more')
})

it('does not repeat the frames a cause shares', () => {
  const shared = 'pay (/srv/app/src/pay.ts:1:1)'
  const cause = { type: 'Error', message: 'y', stack: stack('inner (/srv/app/src/inner.ts:2:2)', shared) }
  expect(draw({ type: 'Error', message: 'x', stack: stack(shared), cause })).toBe(
    ['Error: x', '  pay  src/pay.ts:1:1', '└ caused by Error: y', '    inner  src/inner.ts:2:2'].join('\n'),
  )
})

it('says how much it leaves out', () => {
  const frames = Array.from({ length: 10 }, (_, index) => `step${index} (/srv/app/src/a.ts:${index}:1)`)
  const text = draw({
    type: 'Error',
    message: 'x',
    stack: stack(...frames, 'run (/srv/app/node_modules/a/b.js:1:1)'),
  })
  expect(text).toMatch(/ {2}step7 {2}src\/a.ts:7:1 {4}\(\+2, 1 in node_modules\)$/)
})

it('says where an error without own frames comes from', () => {
  const text = draw({ type: 'Error', message: 'x', stack: stack('run (/srv/app/node_modules/a/b.js:1:1)') })
  expect(text).toBe('Error: x\n  (+1 in node_modules)')
})

it('shortens a directory rather than break a place', () => {
  const deep = `/srv/app/${'very-deep/'.repeat(8)}clear-answers.ts:30:7`
  const text = draw({ type: 'Error', message: 'x', stack: stack(`clearAnswers (${deep})`) }, 80)
  expect(text.split('\n')[1]).toMatch(/^ {2}clearAnswers {2}….*very-deep\/clear-answers\.ts:30:7$/)
})

it('wraps a long message under itself', () => {
  const lines = draw({ type: 'Error', message: 'word '.repeat(40).trim() }, 80).split('\n')
  expect(lines.length).toBe(4)
  expect(lines.slice(1).every((line) => /^ {2}word/.test(line))).toBe(true)
})

it('is bounded however the error nests', () => {
  let error: Record<string, unknown> = { type: 'Error', message: 'leaf' }
  for (let depth = 0; depth < 6; depth++)
    error = { type: 'Error', message: 'x', errors: Array(10).fill(error) }
  expect(draw(error).split('\n').length).toBeLessThan(300)
})
