import { constants, openSync, writeSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.js'
import { cleanUp, fifo, Writing } from './writing.js'

afterEach(cleanUp)

/** To the last byte. */
function fill(path: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  for (const size of [4096, 1])
    try {
      for (;;) writeSync(fd, 'x'.repeat(size))
    } catch {
      // No more room for so much.
    }
}

test('a process whose troubles go to a pipe that is as full as that of its lines goes on', async () => {
  const [pipe, troubles] = [fifo(), fifo()]
  fill(pipe.path)
  fill(troubles.path)
  const log = {
    level: 'debug',
    maxBufferBytes: 100_000,
    maxBlockMs: 0,
    sinks: [{ stream: 'stdout' as const }],
  }
  const child = new Writing(
    { way: 'flood', count: 5000, size: 200, setup: { log }, isQuiet: true },
    { to: pipe.write, stderr: troubles.write },
  )
  await until('the process ends', () => child.hasExited)
  expect((await child.ended).code).toBe(0)
})
