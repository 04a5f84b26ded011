import { Failure, main } from '../ready/progress.mjs'
import { ready } from '../ready/ready.mjs'

// In this order: what fails soonest and oftenest first.
const names = [
  'format',
  'lint',
  'own-lint',
  'types',
  'arrows',
  'dependencies',
  'rule-pages',
  'size',
  'packaging',
  'docs',
  'skill',
]

main(async () => {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Failure(`No such check: ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  await ready()
  const counts = { passed: 0, failed: 0 }
  for (const name of wanted.length > 0 ? wanted : names) {
    const { check } = await import(`../gates/${name}.mjs`)
    const begun = performance.now()
    const { note, problems } = await check().catch((error) => ({ problems: [error.stack] }))
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    counts[problems.length === 0 ? 'passed' : 'failed'] += 1
    process.stdout.write(
      `${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(13)} ${seconds.padStart(5)} s  ${note ?? ''}\n`,
    )
    for (const problem of problems) process.stdout.write(`${indent(problem)}\n`)
  }
  process.stdout.write(`\n${counts.passed} checks hold, ${counts.failed} fail\n`)
  if (counts.failed > 0) process.exitCode = 1
})

function indent(text) {
  return text.trim().replace(/^/gm, '        ')
}
