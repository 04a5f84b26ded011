import { join } from 'node:path'
import { root } from '../ready/root.mjs'
import { run } from '../ready/run.mjs'

const config = 'scripts/gates/own-lint.json'
const linted = [
  'packages/telltale/src',
  'packages/cli/src',
  'packages/eslint-plugin/src',
  'examples/assessments',
]

// What stays as it is: where, by which rule, how often, and why. One more fails, and so does one that is gone.
const excused = [
  ['packages/telltale/src/flow/flow.ts', 'structured-event', 1, "the flow's own name begins the event's"],
]

export async function check() {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout, output } = await run(process.execPath, [oxlint, '-c', config, '-f', 'json', ...linted])
  if (!stdout.startsWith('{')) return { note: 'oxlint did not run', problems: [output] }
  const told = JSON.parse(stdout)
  const errors = told.diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = told.diagnostics.length - errors.length
  const total = excused.reduce((sum, [, , count]) => sum + count, 0)
  return {
    note: `our rules, strict, on ${told.number_of_files} files of our own; ${total} excused, ${warnings} warnings in tests`,
    problems: [...unexcused(errors), ...stale(errors)],
  }
}

function unexcused(errors) {
  return errors.flatMap((error) => {
    const allowed = excused.find(([path, rule]) => path === error.filename && isOf(error, rule))?.[2] ?? 0
    const met = errors.filter(({ filename, code }) => filename === error.filename && code === error.code)
    if (met.length <= allowed) return []
    return [`${error.filename}:${error.labels[0]?.span.line ?? ''} ${error.code ?? ''} ${error.message}`]
  })
}

function stale(errors) {
  return excused.flatMap(([path, rule, count]) => {
    const met = errors.filter((error) => error.filename === path && isOf(error, rule)).length
    return met < count ? [`${path} has ${met} of ${count} excused ${rule}: scripts/gates/own-lint.mjs`] : []
  })
}

function isOf({ code }, rule) {
  return code === `telltale(${rule})`
}
