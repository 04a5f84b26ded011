import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { until } from '../support/until.js'

afterEach(endChildren)

test.each([
  ['throw', 'uncaught_exception', /RangeError: too far/],
  ['reject', 'unhandled_rejection', /RangeError: too far/],
])("%s: %s is written, and Node's own message and exit code 1 stay", async (way, event, message) => {
  const child = new Child('end.mjs', [way])
  expect(await child.ended).toEqual({ code: 1, signal: null })
  const line = child.one(event)
  expect(line.level).toBe('critical')
  expect(line['error']).toMatchObject({
    type: 'RangeError',
    message: 'too far, password=[REDACTED]',
    stack: expect.stringContaining('end.mjs') as string,
  })
  expect(child.stdout).not.toContain('hunter2')
  expect(child.stderr).toMatch(message)
  expect(child.stderr).toContain(`Node.js ${process.version}`)
})

test('a text thrown away is one too', async () => {
  const child = new Child('end.mjs', ['reject_text'])
  expect((await child.ended).code).toBe(1)
  // Node wraps what is no error before it tells anyone.
  expect(child.one('unhandled_rejection')['error']).toMatchObject({
    message: expect.stringContaining('a text') as string,
  })
})

test.each([
  ['throw_in_context', 'uncaught_exception'],
  ['reject_in_context', 'unhandled_rejection'],
])('%s: the event carries the context of what failed', async (way, event) => {
  const child = new Child('end.mjs', [way])
  expect((await child.ended).code).toBe(1)
  expect(child.one(event)).toMatchObject({ tenant_id: 't1', error: { message: 'inside' } })
})

test('an open flow is said to be interrupted by the crash', async () => {
  const child = new Child('end.mjs', ['throw_in_flow'])
  expect((await child.ended).code).toBe(1)
  expect(child.names).toEqual(['retake_flow_started', 'uncaught_exception', 'retake_flow_interrupted'])
})

test('where the app has a handler of its own, the event is written and the ending is its', async () => {
  const child = new Child('end.mjs', ['caught'])
  expect((await child.ended).code).toBe(3)
  expect(child.names).toEqual(['uncaught_exception', 'own_handler'])
})

test.each([
  ['exit', 5],
  ['finish', 0],
])('%s loses no line', async (way, code) => {
  const child = new Child('end.mjs', [way])
  expect((await child.ended).code).toBe(code)
  expect(child.lines.map((line) => line['n'])).toEqual(Array.from({ length: 20_000 }, (_each, n) => n))
})

/** Loaded before the fixture: says on stderr each time that a pipe has no room left for a write. */
const sayFull = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const write = fs.writeSync
fs.writeSync = (...args) => {
  try {
    return write(...args)
  } catch (error) {
    if (error.code === 'EAGAIN') write(2, 'full')
    throw error
  }
}
syncBuiltinESMExports()`

test('a slow reader loses no line either', async () => {
  const preload = `data:text/javascript,${encodeURIComponent(sayFull)}`
  const child = new Child('end.mjs', ['exit'], { NODE_OPTIONS: `--import=${preload}` })
  child.process.stdout!.pause()
  // The process waits for its reader now; it may not wait for longer than two seconds.
  await until('the pipe is full', () => child.stderr.includes('full'))
  child.process.stdout!.resume()
  expect((await child.ended).code).toBe(5)
  expect(child.lines).toHaveLength(20_000)
})

test('a closed pipe does not throw, and is said once', async () => {
  const child = new Child('end.mjs', ['closed_pipe'])
  await child.says('line')
  child.process.stdout!.destroy()
  expect(await child.ended).toEqual({ code: 0, signal: null })
  await until('stderr has come', () => child.stderr.includes('went on to 200'))
  expect(child.stderr.match(/can't be written to standard output \(EPIPE\)/g)).toHaveLength(1)
})
