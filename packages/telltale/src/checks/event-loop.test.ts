import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { checkEventLoop } from './event-loop.js'

const { signal } = new AbortController()

function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

async function delayOf(check: ReturnType<typeof checkEventLoop>): Promise<number> {
  const message = await (check(signal) as Promise<void>).then(
    () => '',
    (error: Error) => error.message,
  )
  return Number(/^the event loop was blocked for (\d+) ms; at most \d+ are allowed$/.exec(message)?.[1] ?? 0)
}

test('the first run begins to measure, and passes', async () => {
  block(100)
  await checkEventLoop({ maxDelayMs: 50 })(signal)
})

test.each([
  ['later', 60],
  ['at once', 0],
])('a block that begins %s is said, and said once', async (_when, ms) => {
  const check = checkEventLoop({ maxDelayMs: 150 })
  await check(signal)
  if (ms > 0) await wait(ms)
  block(400)
  const said = await delayOf(check)
  expect(said).toBeGreaterThan(330)
  expect(await delayOf(check)).toBeLessThan(330)
})

test('a block in the round of timers in which the check is due is said', async () => {
  const check = checkEventLoop({ maxDelayMs: 150 })
  await check(signal)
  await wait(60)
  const said = new Promise<number>((resolve) => {
    setTimeout(() => block(400), 10)
    setTimeout(() => resolve(delayOf(check)), 11)
  })
  expect(await said).toBeGreaterThan(330)
})

test('several checks, of two copies of the package too, read one monitor and each hears all', async () => {
  vi.resetModules()
  const copy = await import('./event-loop.js')
  expect(copy.checkEventLoop).not.toBe(checkEventLoop)
  const checks = [checkEventLoop({ maxDelayMs: 150 }), copy.checkEventLoop({ maxDelayMs: 150 })]
  for (const check of checks) await check(signal)
  block(400)
  expect(await delayOf(checks[0]!)).toBeGreaterThan(330)
  block(200)
  expect(await delayOf(checks[1]!)).toBeGreaterThan(330)
  expect(await delayOf(checks[0]!)).toBeGreaterThan(150)
})

test.each([
  [{ maxDelayMs: 0 }, 'maxDelayMs must be a number of milliseconds above 0, got 0.'],
  [{ maxDelay: 5 }, 'maxDelay is not an option; there is maxDelayMs.'],
])('%j is refused', (options, message) => {
  expect(() => checkEventLoop(options as never)).toThrow(message)
})
