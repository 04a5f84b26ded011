import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'

afterEach(endChildren)

test('both builds read one monitor of the event loop, and no check keeps the process', async () => {
  const child = new Child('built-in-checks.mjs')
  await child.says('idle')
  expect(await child.ended).toEqual({ code: 0, signal: null })
  const failed = child.lines.filter(({ event }) => event === 'health_check_failed')
  expect(failed.map(({ check }) => check).sort()).toEqual(['loop_cjs', 'loop_esm'])
  for (const line of failed) {
    expect(line['error']).toMatchObject({
      message: expect.stringMatching(/^the event loop was blocked for \d{3,} ms; at most 300 are allowed$/),
    })
  }
  expect(child.stderr).toBe('')
})
