import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { rules } from '../src/rules/registry.js'
import { type Batch, eslint, oxlint, withFiles } from './support/hosts.js'

// Three runs over hundreds of files, beside other suites.
vi.setConfig({ testTimeout: 480_000 })

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../../..')
// Its compiler is one file of six megabytes, and the bundle beside it has the same code once more.
const tooLarge = /(?:^|\/)typescript\.js$/

// The most that each rule can be asked to look at.
const all = Object.fromEntries(Object.keys(rules).map((id) => [`telltale/${id}`, 'error']))
all['telltale/no-silent-return'] = ['error', { level: 'strict' }] as never

const places: Record<string, { readonly folder: string; readonly most: number }> = {
  'every kind of syntax': { folder: 'packages/eslint-plugin/test/syntax', most: 100 },
  'our own sources': { folder: 'packages/telltale/src', most: 150 },
  'our example': { folder: 'examples/assessments', most: 150 },
  "TypeScript's compiler": { folder: 'packages/eslint-plugin/node_modules/typescript/lib', most: 100 },
  ESLint: { folder: 'node_modules/eslint/lib', most: 500 },
  Express: { folder: 'node_modules/express', most: 100 },
  Fastify: { folder: 'node_modules/fastify', most: 400 },
  pino: { folder: 'node_modules/pino/lib', most: 200 },
  winston: { folder: 'node_modules/winston', most: 200 },
  'prom-client': { folder: 'node_modules/prom-client', most: 100 },
  pg: { folder: 'node_modules/pg', most: 100 },
  undici: { folder: 'node_modules/undici/lib', most: 200 },
  Sentry: { folder: 'node_modules/@sentry/core/build/esm', most: 200 },
}

test.each(Object.entries(places))(
  'all rules go through %s, and both hosts find the same',
  async (_name, place) => {
    const batches: Batch[] = [{ rules: all, files: sourcesBelow(place.folder, place.most) }]
    expect(batches[0]?.files.length).toBeGreaterThan(0)
    await withFiles(batches, async (folder) => {
      const expected = await oxlint(folder, batches)
      for (const host of ['ESLint 10', 'ESLint 9'] as const) {
        const met = eslint(host, folder, batches)
        expect([expected.broken, met.broken], host).toEqual([[], []])
        expect(Object.fromEntries(met.found), host).toEqual(Object.fromEntries(expected.found))
      }
    })
  },
)

function sourcesBelow(folder: string, most: number): Batch['files'] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        /\.[cm]?[jt]sx?$/.test(path) &&
        !tooLarge.test(path) &&
        !/\.d\.[cm]?ts$|(^|\/)(node_modules|dist)\//.test(path),
    )
    .toSorted()
    .map((path) => ({ path, code: readFileSync(join(root, folder, path), 'utf8') }))
    .slice(0, most)
}
