import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watched } from './watched.mjs'

/** A clock that only work moves on. */
function worked() {
  let now = 0
  return { work: (ms) => (now += ms), options: { clock: () => now, waited: () => 0 } }
}

test('work in one turn stalls the loop for as long as it takes', async () => {
  const { work, options } = worked()
  const { ms, stallMs, result } = await watched(async () => {
    work(30)
    await Promise.resolve()
    work(40)
    return 'done'
  }, options)
  expect({ ms, stallMs, result }).toEqual({ ms: 70, stallMs: 70, result: 'done' })
})

test('work in slices stalls it for the longest of them', async () => {
  const { work, options } = worked()
  const { ms, stallMs } = await watched(async () => {
    for (const slice of [5, 9, 6]) {
      work(slice)
      await turn()
    }
  }, options)
  expect(ms).toBe(20)
  expect(stallMs).toBe(9)
})

test('what other processes took is left out', async () => {
  const { work, options } = worked()
  let waited = 0
  const { ms, stallMs } = await watched(
    async () => {
      work(100)
      waited += 60
    },
    { ...options, waited: () => waited },
  )
  expect(ms).toBe(40)
  expect(stallMs).toBe(40)
})
