import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import { expect, test, vi } from 'vitest'
import plugin from '../src/index.js'
import { examples } from '../src/rules/examples.js'
import { type RuleId, rules } from '../src/rules/registry.js'

// TypeScript checks every file of its own, beside other suites.
vi.setConfig({ testTimeout: 240_000 })

const some = 10
const chosen = (Object.keys(rules) as RuleId[]).flatMap((id) => {
  const { valid, invalid } = examples[id]
  const inTypeScript = [...invalid.slice(0, some), ...valid.slice(0, some)].filter(
    ({ language = 'ts', filename }) => language === 'ts' && filename === undefined,
  )
  return inTypeScript.map((example) => ({ id, ...example }))
})

const seesTypes = {
  create: (context: { sourceCode: { parserServices: { program?: unknown } } }) => ({
    Program(node: never): void {
      if (!context.sourceCode.parserServices.program)
        (context as never as { report(problem: object): void }).report({ node, message: 'no types' })
    },
  }),
}

test.each([
  ['projectService', { projectService: true }],
  ['project', { project: './tsconfig.json' }],
])('with types by %s the same is found, or less', (_name, parserOptions) => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-types-'))
  try {
    const compilerOptions = { strict: true, module: 'nodenext', noEmit: true, types: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    for (const [index, { code }] of chosen.entries()) writeFileSync(join(folder, `${index}.ts`), code)
    const linter = new Linter({ cwd: folder })
    const findings = (index: number, more: object, isTyped: boolean): string[] => {
      const { id, code, options, settings } = chosen[index] as (typeof chosen)[number]
      const config = {
        files: ['**/*.ts'],
        plugins: { telltale: plugin, own: { rules: { 'sees-types': seesTypes } } },
        languageOptions: { parser, parserOptions: more },
        rules: {
          [`telltale/${id}`]: ['error', ...(options === undefined ? [] : [options])],
          ...(isTyped && { 'own/sees-types': 'error' }),
        },
        ...(settings !== undefined && { settings: { telltale: settings } }),
      }
      const messages = linter.verify(code, [config] as unknown as Linter.Config[], {
        filename: join(folder, `${index}.ts`),
      })
      return messages.map(({ ruleId, line, column, message }) => `${ruleId} ${line}:${column} ${message}`)
    }
    let found = 0
    for (const [index, { id, says }] of chosen.entries()) {
      const untyped = findings(index, {}, false)
      const typed = findings(index, { ...parserOptions, tsconfigRootDir: folder }, true)
      expect(
        typed.filter((each) => !untyped.includes(each)),
        `${id}: ${says}`,
      ).toEqual([])
      found += typed.length
    }
    expect(found).toBeGreaterThan(some)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
