import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backends } from './backends.mjs'
import { countBy, folder, readCorpus, withTemporaryFolder, writeBackends } from './corpus.mjs'
import { readLabels } from './labels.mjs'
import { placesIn } from './places.mjs'

const corpus = readCorpus()
const sum = (counts) => Object.values(counts).reduce((all, count) => all + count, 0)

test('every backend says what it is written with, and nothing else is named', () => {
  expect(corpus.map(({ name }) => name)).toEqual(Object.keys(backends).sort())
  for (const name of readdirSync(folder).filter((each) => !each.startsWith('held-out')))
    expect(existsSync(join(folder, name, 'README.md')), name).toBe(true)
})

test.each(corpus)(
  'every early return and catch of $name is labelled, and nothing else as one',
  ({ files }) => {
    const judged = ['no-silent-return', 'no-silent-catch']
    const sorted = (list) => list.map(({ line, rule }) => `${line} ${rule}`).sort()
    for (const { path, code, labels } of files) {
      const given = labels.filter(({ rule }) => judged.includes(rule))
      expect(sorted(given), path).toEqual(sorted(placesIn(code, path)))
    }
  },
)

test('the corpus is large enough, in what rules were written with and in what is held out', () => {
  const { all } = countBy(corpus, () => 'all')
  expect(sum(all.returns)).toBeGreaterThanOrEqual(300)
  expect(sum(all.catches)).toBeGreaterThanOrEqual(150)
  expect(all.returns.maybe / sum(all.returns)).toBeLessThan(0.07)
  const apart = countBy(corpus, ({ isHeldOut }) => (isHeldOut ? 'held out' : 'dev'))
  for (const { returns, catches } of Object.values(apart)) {
    expect(returns.yes).toBeGreaterThan(50)
    expect(catches.yes).toBeGreaterThan(10)
  }
})

test('no backend is there for one verdict alone', () => {
  for (const [name, { returns, catches }] of Object.entries(countBy(corpus, (backend) => backend.name))) {
    expect(Math.min(returns.yes ?? 0, returns.no ?? 0, catches.no ?? 0), name).toBeGreaterThan(0)
  }
})

test('a line may have several labels, and keeps its place without them', () => {
  const text = [
    'try {',
    '  a()',
    '} catch { //= catch: yes  dropped //= no-console  raw',
    '  console.log(1)',
    '}',
  ]
  const { code, labels } = readLabels(text.join('\n'))
  expect(code.split('\n')).toEqual(text.with(2, '} catch {'))
  expect(labels).toEqual([
    { line: 3, rule: 'no-silent-catch', verdict: 'yes', reason: 'dropped' },
    { line: 3, rule: 'no-console', verdict: 'yes', reason: 'raw' },
  ])
})

test.each(['return: perhaps  x', 'return  x', 'no-console: no  x', 'no-such-rule  x', 'catch: no'])(
  'a marker that says nothing is refused: %s',
  (said) => {
    expect(() => readLabels(`return //= ${said}`, 'a.ts')).toThrow(`a.ts:1: a label is`)
  },
)

test('what is written has no label left, and goes with its folder', async () => {
  const path = await withTemporaryFolder((temporary) => {
    writeBackends(corpus, temporary)
    expect(readdirSync(temporary).sort()).toEqual(corpus.map(({ name }) => name))
    return temporary
  })
  expect(existsSync(path)).toBe(false)
  for (const { files } of corpus) for (const { code } of files) expect(code).not.toContain('//=')
})

test('places are what is easily overlooked too', () => {
  const lines = [
    'async function f(a) {',
    '  if (a) return',
    '  load().catch(() => {})',
    '  switch (a) { case 1: return 2 }',
    '  const g = () => { return 1 }',
    '  return g',
    '}',
    'class A { b = () => { try { return 1 } catch {} } }',
  ]
  expect(placesIn(lines.join('\n'), 'a.ts').map(({ line, rule }) => [line, rule])).toEqual([
    [2, 'no-silent-return'],
    [3, 'no-silent-catch'],
    [4, 'no-silent-return'],
    [8, 'no-silent-return'],
    [8, 'no-silent-catch'],
  ])
})
