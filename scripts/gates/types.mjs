import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../ready/root.mjs'
import { program } from './tools.mjs'

// Sources, tests and type tests (*.test-d.ts) of every workspace.
const projects = [
  'packages/telltale',
  'packages/cli',
  'packages/eslint-plugin',
  'examples/assessments',
  'examples/assessments/test',
]

export async function check() {
  const there = projects.filter((project) => existsSync(join(root, project, 'tsconfig.json')))
  const results = await Promise.all(
    there.map((project) => program('typescript/bin/tsc', ['-p', project, '--noEmit', '--pretty', 'false'])),
  )
  return { note: there.join(', '), problems: results.flat() }
}
