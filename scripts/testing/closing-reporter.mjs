// The last words of `npm test`: what was skipped for want of a program, and one plain line of counts.
export default class ClosingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    process.stdout.write(closing(modules, unhandledErrors.length))
  }
}

/** A module that doesn't load and an error outside any test count as one failure each: green must mean green. */
export function closing(modules, unhandled = 0) {
  const counts = { passed: 0, failed: unhandled, skipped: 0 }
  const missing = new Map()
  for (const module of modules) {
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      counts[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1
      const binary = test.meta().missingBinary
      if (state === 'skipped' && binary !== undefined) {
        const entry = missing.get(binary.name) ?? { install: binary.install, titles: [] }
        entry.titles.push(test.fullName)
        missing.set(binary.name, entry)
      }
    }
  }
  return `${skippedList(missing)}\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`
}

function skippedList(missing) {
  let text = ''
  for (const [name, { install, titles }] of missing) {
    text += `\nSkipped, because ${name} is not installed (${install}):\n`
    for (const title of titles) text += `  ${title}\n`
  }
  return text
}
