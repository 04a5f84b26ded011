import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { rules } from '../src/rules/registry.js'
import { brokenEditsOf, editsOf, findsIn, type Source } from './support/edits.js'

// Two runs over hundreds of files, beside other suites.
vi.setConfig({ testTimeout: 240_000 })

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

// The most that each rule can be asked to look at.
const all = {
  ...Object.fromEntries(Object.keys(rules).map((id) => [`telltale/${id}`, 'error'])),
  'telltale/no-silent-return': ['error', { level: 'strict' }],
  'telltale/structured-event': ['error', { names: 'all' }],
}

test('every fix and suggestion in the labelled corpus leaves code that is as sound as before', () => {
  const files = sourcesBelow('bench/lint/corpus', 1000).filter(
    ({ filename }) => !filename.includes('held-out-4'),
  )
  expect(brokenIn(files, 200)).toEqual([])
})

// Strangers' code in which a logger of each form is in sight.
const loggers = {
  pino: ["import pino from 'pino'; const logger = pino(); ", "const logger = require('pino')(); "],
  telltale: [
    "import { getLogger } from 'telltale'; const logger = getLogger('x'); ",
    "const logger = require('telltale').getLogger('x'); ",
  ],
  winston: ["import logger from 'winston'; ", "const logger = require('winston'); "],
} as const

const places = [
  'packages/eslint-plugin/test/syntax',
  'packages/telltale/src',
  'examples/assessments/src',
  'node_modules/express',
  'node_modules/fastify/lib',
  'node_modules/pino/lib',
  'node_modules/winston',
  'node_modules/prom-client',
  'node_modules/pg',
  'node_modules/undici/lib',
  'node_modules/@sentry/core/build/esm',
]

test.each(Object.entries(loggers))('and in strangers’ code, for %s', (_name, [module, script]) => {
  const files = places.flatMap((place) => sourcesBelow(place, 40)).filter(({ code }) => code.length < 20_000)
  const withLogger = files.map((source) => ({
    ...source,
    code: (source.language === 'cjs' ? script : module) + source.code.replace(/^#!/, '//'),
  }))
  expect(brokenIn(withLogger, 50)).toEqual([])
})

function brokenIn(files: readonly Source[], fewest: number): string[] {
  let count = 0
  const broken = files.flatMap((source) => {
    const { messages, soundness } = findsIn(source)
    const edits = editsOf(messages)
    count += edits.length
    return brokenEditsOf(source, edits, soundness)
  })
  expect(count).toBeGreaterThan(fewest)
  return broken
}

function sourcesBelow(folder: string, most: number): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|(^|\/)(node_modules|dist)\//.test(path))
    .toSorted()
    .slice(0, most)
    .map((path) => {
      const code = readFileSync(join(root, folder, path), 'utf8').replace(/[ \t]*\/\/=.*$/gm, '')
      return {
        code,
        language: languageOf(path, code),
        rules: all,
        // ESLint passes over what is in a folder of that name.
        filename: join(folder, path).replace(/^node_modules/, 'strangers'),
      }
    })
}

function languageOf(path: string, code: string): Source['language'] {
  if (/[jt]sx$/.test(path)) return 'tsx'
  if (/ts$/.test(path)) return 'ts'
  return /^(?:import|export)\b/m.test(code) ? 'js' : 'cjs'
}
