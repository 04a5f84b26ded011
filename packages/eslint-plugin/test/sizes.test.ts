import { Linter } from 'eslint'
import { describe, expect, test, vi } from 'vitest'
import plugin from '../src/index.js'
import { rules } from '../src/rules/registry.js'
import { type Batch, eslint, oxlint, withFiles } from './support/hosts.js'
import { circular, deep, long, type Shape, wide } from './support/shapes.js'

// Three runs over large files, beside other suites.
vi.setConfig({ testTimeout: 240_000 })

const all: Record<string, unknown> = Object.fromEntries(
  Object.keys(rules).map((id) => [`telltale/${id}`, 'error']),
)
all['telltale/error-with-context'] = ['error', { ids: true }]
all['telltale/structured-event'] = ['error', { names: 'all' }]

const largest = 2000

test('no shape of code breaks a rule, and both hosts find the same', async () => {
  const shapes = { ...deep, ...wide, ...long }
  const files = [
    ...Object.values(shapes).map((shape, index) => ({ path: `src/${index}.mjs`, code: shape(largest) })),
    ...Object.values(circular).map((code, index) => ({ path: `src/circular-${index}.mjs`, code })),
  ]
  const batches: Batch[] = [{ rules: all, files }]
  await withFiles(batches, async (folder) => {
    const expected = await oxlint(folder, batches)
    expect(expected.broken).toEqual([])
    for (const host of ['ESLint 10', 'ESLint 9'] as const) {
      const { found, broken } = eslint(host, folder, batches)
      expect(broken, host).toEqual([])
      expect(Object.fromEntries(found), host).toEqual(Object.fromEntries(expected.found))
    }
  })
})

describe('four times the code takes about four times as long', () => {
  test.each(Object.entries(deep))('%s', (_name, shape) => {
    expect(growth(shape, 300, 1200)).toBeLessThan(mostGrowth)
  })

  test.each(Object.entries(wide))('%s', (_name, shape) => {
    expect(growth(shape, 750, 3000)).toBeLessThan(mostGrowth)
  })

  test.each(Object.entries(long))('%s', (_name, shape) => {
    expect(growth(shape, 25_000, 100_000)).toBeLessThan(mostGrowth)
  })
})

// Quadratic work would grow by 16; a machine that has other things to do may well double what is linear.
const mostGrowth = 12
// A rule that takes no longer than this for the larger one is quick enough, and what is measured below it is noise.
const unnoticed = 120

/** How much longer the rules take, without what the host does itself. Work that is quadratic is so each time that it is measured. */
function growth(shape: Shape, small: number, large: number): number {
  const [first, second] = [shape(small), shape(large)]
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && least >= mostGrowth; tries++) {
    const more = ownTime(second)
    const ratio = more < unnoticed ? 1 : more / Math.max(ownTime(first), unnoticed / mostGrowth)
    least = Math.min(least, ratio)
  }
  return least
}

/** The median of several runs. */
function ownTime(code: string): number {
  return medianTime(code, all) - medianTime(code, {})
}

function medianTime(code: string, chosen: Record<string, unknown>): number {
  const times = Array.from({ length: 3 }, () => timeOf(code, chosen))
  return times.toSorted((a, b) => a - b)[1] ?? 0
}

function timeOf(code: string, chosen: Record<string, unknown>): number {
  const linter = new Linter()
  const config = [
    { files: ['**/*.mjs'], plugins: { telltale: plugin }, rules: chosen },
  ] as unknown as Linter.Config[]
  const start = performance.now()
  const messages = linter.verify(code, config, { filename: 'src/shape.mjs' })
  const time = performance.now() - start
  expect(messages.filter(({ fatal }) => fatal)).toEqual([])
  return time
}
