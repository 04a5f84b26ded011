import { expect, test } from 'vitest'
import { quietRounds, underLoad } from './under-load.mjs'

/** A server that takes 10 µs for each request, 1,000 of them between two marks, and 5 ms more when it is left alone. */
function server(said) {
  let now = { operations: 0, cpuMicros: 0, wallMicros: 0, rssBytes: 1 }
  return {
    port: 1,
    child: {
      async ask() {
        const rest = said.loaded ? 0 : 5000
        now = {
          operations: now.operations + (said.loaded ? 1000 : 0),
          cpuMicros: now.cpuMicros + (said.loaded ? 10_000 : rest),
          wallMicros: now.wallMicros + 10_000,
          rssBytes: 1,
        }
        return now
      },
    },
  }
}

test('a window is what is done under load, and its whole also what comes before the next one', async () => {
  const said = { loaded: false, starts: 0 }
  const load = {
    async ask({ start }) {
      said.loaded = start !== undefined
      said.starts += Number(said.loaded)
    },
  }
  const rounds = await underLoad({
    servers: { a: server(said), b: server(said) },
    load,
    requests: [],
    end: performance.now(),
    past: 0,
    warmUpMs: 1,
    windowMs: 1,
  })
  expect(rounds).toHaveLength(1)
  const [{ a, b }] = rounds
  expect(a).toMatchObject({ cpuMicros: 10, perSecond: 100_000, core: 1 })
  // Two windows' worth of requests, and what was put off until it was looked at again.
  expect(a.wholeMicros).toBe((2 * 10_000 + 5000) / 2000)
  expect(b).toEqual(a)
  expect(said.starts).toBe(4)
})

test('rounds in which a server had to wait for its core are left out, unless too few are left', () => {
  const [good, bad] = [{ a: { core: 0.9 } }, { a: { core: 0.5 } }]
  const groups = Array.from({ length: 5 }, () => [good, bad])
  expect(quietRounds(groups)).toEqual({ groups: groups.map(() => [good]), decides: true })
  const busy = [[good], [bad]]
  expect(quietRounds(busy)).toEqual({ groups: busy, decides: false })
})
