import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import plugin from 'eslint-plugin-telltale'
import { expect, test, vi } from 'vitest'
import type { Example } from '../src/rule.js'
import { examples } from '../src/rules/examples.js'
import { rules } from '../src/rules/registry.js'
import { type Batch, eslint, eslintMended, oxlint, oxlintMended, withFiles } from './support/hosts.js'

// Three runs over hundreds of files, beside other suites.
vi.setConfig({ testTimeout: 240_000 })

const corpus = resolve(dirname(fileURLToPath(import.meta.url)), '../../../bench/lint/corpus')
const extensions = { js: 'mjs', cjs: 'cjs', ts: 'ts', tsx: 'tsx' }
const all = Object.fromEntries(Object.keys(rules).map((id) => [`telltale/${id}`, 'error']))

test('the build has the rules of the sources', () => {
  expect(Object.keys(plugin.rules).toSorted(), 'npm run build').toEqual(Object.keys(rules).toSorted())
})

test('the build imports neither host, nor anything else', () => {
  const built = readFileSync(fileURLToPath(import.meta.resolve('eslint-plugin-telltale')), 'utf8')
  expect(built.match(/^(?:import|export)\b.*\bfrom\b.*$|\bimport\(|^import\b.*$/gm)).toBeNull()
})

test('both hosts find the same in every example', async () => {
  await findTheSame(
    Object.entries(examples).flatMap(([id, { valid, invalid }]) =>
      [...valid, ...invalid].map((example) => batchOf(id, example)),
    ),
  )
})

test('both hosts find the same in the labelled corpus', async () => {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => ({ path, code: withoutMarkers(readFileSync(join(corpus, path), 'utf8')) }))
  expect(files.length).toBeGreaterThan(20)
  const found = await findTheSame([{ rules: all, files }])
  expect(found).toBeGreaterThan(20)
})

test.each(['fixes', 'suggestions'] as const)('both hosts give every example the same %s', async (mending) => {
  const batches = Object.entries(examples).flatMap(([id, { invalid }]) =>
    invalid.map((example) => batchOf(id, example)),
  )
  await withFiles(batches, async (folder) => {
    const expected = await oxlintMended(mending, folder, batches)
    for (const host of ['ESLint 10', 'ESLint 9'] as const)
      expect(Object.fromEntries(eslintMended(mending, host, folder, batches)), host).toEqual(
        Object.fromEntries(expected),
      )
    const sources = batches.map(({ files }) => files[0]?.code)
    expect([...expected.values()].filter((code, index) => code !== sources[index]).length).toBeGreaterThan(0)
  })
})

async function findTheSame(batches: readonly Batch[]): Promise<number> {
  return withFiles(batches, async (folder) => {
    const expected = await oxlint(folder, batches)
    expect(expected.broken).toEqual([])
    for (const host of ['ESLint 10', 'ESLint 9'] as const) {
      const { found, broken } = eslint(host, folder, batches)
      expect(broken, host).toEqual([])
      expect(Object.fromEntries(found), host).toEqual(Object.fromEntries(expected.found))
    }
    return [...expected.found.values()].flat().length
  })
}

function batchOf(id: string, { code, language = 'ts', options, settings, filename }: Example): Batch {
  return {
    rules: { [`telltale/${id}`]: ['error', ...(options === undefined ? [] : [options])] },
    settings,
    files: [{ path: filename ?? `src/example.${extensions[language]}`, code }],
  }
}

function withoutMarkers(code: string): string {
  return code.replace(/[ \t]*\/\/=.*$/gm, '')
}
