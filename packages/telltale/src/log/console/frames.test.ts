import { describe, expect, it } from 'vitest'
import { readStack } from './frames.js'

const read = (frame: string) => readStack(`Error: no\n    at ${frame}`, 'no', '/srv/app')

describe('own frames', () => {
  it.each([
    ['charge (file:///srv/app/src/pay.ts:4:1)', 'charge', 'src/', 'pay.ts:4:1'],
    ['async charge (/srv/app/src/pay.ts:4:1)', 'charge', 'src/', 'pay.ts:4:1'],
    ['Object.charge [as pay] (/srv/app/pay.ts:4:1)', 'charge', '', 'pay.ts:4:1'],
    ['new Payment (/srv/app/src/pay.ts:4:1)', 'new Payment', 'src/', 'pay.ts:4:1'],
    ['file:///srv/app/src/my%20pay.ts:4:1', '', 'src/', 'my pay.ts:4:1'],
    ['async file:///srv/app/src/pay.ts:4:1', '', 'src/', 'pay.ts:4:1'],
    ['charge (/srv/application/pay.ts:4:1)', 'charge', '/srv/application/', 'pay.ts:4:1'],
    ['charge (C:\\work\\pay.ts:4:1)', 'charge', 'C:\\work\\', 'pay.ts:4:1'],
    ['file:///srv/app/%zz.ts:4:1', '', '', '%zz.ts:4:1'],
  ])('%s', (frame, name, directory, place) => {
    expect(read(frame).own).toEqual([{ name, directory, place }])
  })
})

describe('folded frames', () => {
  it.each([
    ['run (/srv/app/node_modules/fastify/lib/hooks.js:1:1)', 'node_modules'],
    ['run (C:\\app\\node_modules\\x.js:1:1)', 'node_modules'],
    ['node:internal/process/task_queues:105:5', 'node'],
    ['process.run (node:internal/process:1:1)', 'node'],
    ['async Promise.all (index 0)', 'node'],
    ['Array.map (<anonymous>)', 'node'],
    ['emit (file:///srv/packages/telltale/dist/esm/shared-x.js:1:1)', 'telltale'],
  ])('%s', (frame, home) => {
    const { own, folded } = read(frame)
    expect(own).toEqual([])
    expect([...folded]).toEqual([[home, 1]])
  })
})

it('does not take a message for frames', () => {
  const message = 'no\n    at fake (/etc/passwd:1:1)'
  const { own } = readStack(`Error: ${message}\n    at real (/srv/app/a.ts:1:1)`, message, '/srv/app')
  expect(own.map(({ name }) => name)).toEqual(['real'])
})
