import vm from 'node:vm'
import { expect, it } from 'vitest'
import type { StackFrame } from './frame.js'
import { framesOf, parseFrame } from './frames.js'

const own = { inApp: true }
const others = { inApp: false }

it.each<[line: string, frame: StackFrame]>([
  [
    'at charge (/app/pay.js:41:11)',
    { function: 'charge', file: '/app/pay.js', line: 41, column: 11, ...own },
  ],
  [
    'at async charge (file:///app/pay.js:4:1)',
    { function: 'charge', file: '/app/pay.js', line: 4, column: 1, ...own },
  ],
  ['at /app/pay.js:41:11', { file: '/app/pay.js', line: 41, column: 11, ...own }],
  ['at async file:///app/a%20b/p%23.mjs:4:1', { file: '/app/a b/p#.mjs', line: 4, column: 1, ...own }],
  ['at file:///app/pay.js?v=12:4:1', { file: '/app/pay.js', line: 4, column: 1, ...own }],
  ['at file:///app/100%:4:1', { file: '/app/100%', line: 4, column: 1, ...own }],
  [
    'at new Card (/app/card.ts:1:2)',
    { function: 'new Card', file: '/app/card.ts', line: 1, column: 2, ...own },
  ],
  [
    'at Card.pay [as run] (/app/card.ts:1:2)',
    { function: 'Card.pay [as run]', file: '/app/card.ts', line: 1, column: 2, ...own },
  ],
  [
    'at Object.<anonymous> (/app/x.js:1:2)',
    { function: 'Object.<anonymous>', file: '/app/x.js', line: 1, column: 2, ...own },
  ],
  ['at <anonymous> (/app/x.js:1:2)', { file: '/app/x.js', line: 1, column: 2, ...own }],
  [
    'at get (/app/(shop)/page.js:1:2)',
    { function: 'get', file: '/app/(shop)/page.js', line: 1, column: 2, ...own },
  ],
  ['at /app/(shop)/page.js:1:2', { file: '/app/(shop)/page.js', line: 1, column: 2, ...own }],
  ['at run (C:\\app\\x.js:1:2)', { function: 'run', file: 'C:\\app\\x.js', line: 1, column: 2, ...own }],
  ['at run (file:///C:/app/x.js:1:2)', { function: 'run', file: 'C:/app/x.js', line: 1, column: 2, ...own }],
  [
    'at run (C:\\app\\node_modules\\a\\x.js:1:2)',
    { function: 'run', file: 'C:\\app\\node_modules\\a\\x.js', line: 1, column: 2, ...others },
  ],
  [
    'at run (/app/node_modules/a/x.js:1:2)',
    { function: 'run', file: '/app/node_modules/a/x.js', line: 1, column: 2, ...others },
  ],
  [
    'at run (/app/.yarn/cache/a.zip/x.js:1:2)',
    { function: 'run', file: '/app/.yarn/cache/a.zip/x.js', line: 1, column: 2, ...others },
  ],
  [
    'at run (/app/my_node_modules/x.js:1:2)',
    { function: 'run', file: '/app/my_node_modules/x.js', line: 1, column: 2, ...own },
  ],
  [
    'at run (/repo/packages/telltale/dist/esm/flow/run.js:1:2)',
    { function: 'run', file: '/repo/packages/telltale/dist/esm/flow/run.js', line: 1, column: 2, ...others },
  ],
  [
    'at node:internal/main/run_main:1:2',
    { file: 'node:internal/main/run_main', line: 1, column: 2, ...others },
  ],
  [
    'at eval (eval at run (/app/x.js:3:5), <anonymous>:1:7)',
    { function: 'eval', file: '/app/x.js', line: 3, column: 5, ...own },
  ],
  [
    'at eval (eval at a (eval at b (/app/(g)/x.js:3:5)), <anonymous>:1:7)',
    { function: 'eval', file: '/app/(g)/x.js', line: 3, column: 5, ...own },
  ],
  ['at eval (eval at a (b), <anonymous>:1:7)', { function: 'eval', ...others }],
  ['at evalmachine.<anonymous>:1:7', { file: 'evalmachine.<anonymous>', line: 1, column: 7, ...own }],
  ['at [eval]:1:7', { file: '[eval]', line: 1, column: 7, ...own }],
  ['at Array.map (<anonymous>)', { function: 'Array.map', ...others }],
  ['at Array.sort (native)', { function: 'Array.sort', ...others }],
  ['at async Promise.all (index 0)', { function: 'Promise.all', ...others }],
  [
    'at wasm://wasm/a1b2:wasm-function[3]:0x12',
    { function: 'wasm://wasm/a1b2:wasm-function[3]:0x12', ...others },
  ],
  ['at data:text/javascript,const%20password=1:1:7', { file: 'data:', line: 1, column: 7, ...others }],
  ['at webpack:///./src/x.ts:1:2', { file: 'webpack:///./src/x.ts', line: 1, column: 2, ...own }],
])('%s', (line, frame) => {
  expect(parseFrame(`    ${line}`)).toEqual(frame)
})

it.each(['', 'at home (/app/x.js:1:2)', '    -> /app/x.ts:1:2', '    at '])('%s is no call', (line) => {
  expect(parseFrame(line)).toBeUndefined()
})

it('does not take lines of the message for calls', () => {
  const message = 'template failed\n    at fake (/etc/passwd:1:1)\n    at fake2 (/etc/passwd:2:1)'
  const error = new Error(message)
  const frames = framesOf(error.stack!, message)
  expect(frames.map((frame) => frame.function)).not.toContain('fake')
  expect(frames[0]!.file).toMatch(/frames\.test\.ts$/)
})

it('is bounded whatever a stack says', () => {
  const line = `\n    at ${'('.repeat(5000)}eval at ${'(a)'.repeat(5000)}:1:2)`
  expect(framesOf(`Error${line.repeat(1000)}`, '').length).toBeLessThanOrEqual(50)
})

it('reads stacks of another realm, and what async functions leave', async () => {
  const foreign = vm.runInNewContext(
    'function f() { return new TypeError("elsewhere") } f()',
    {},
    { filename: '/app/foreign.js' },
  ) as Error
  expect(framesOf(foreign.stack!, foreign.message)[0]).toEqual({
    function: 'f',
    file: '/app/foreign.js',
    line: 1,
    column: 23,
    inApp: true,
  })
  const outer = async (): Promise<void> => {
    await inner()
  }
  const inner = async (): Promise<void> => {
    await null
    throw new Error('late')
  }
  const error = await outer().catch((thrown: unknown) => thrown as Error)
  expect(framesOf(error!.stack!, 'late').map((frame) => frame.function)).toEqual(
    expect.arrayContaining(['inner', 'outer']),
  )
})
