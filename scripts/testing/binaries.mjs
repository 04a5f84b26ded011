// Programs that tests need and npm can't install. Imported by tests of every workspace; types in binaries.d.mts.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, TestRunner } from 'vitest'

const postgresHomes = '/usr/lib/postgresql'

/** @param {string} name */
export function findBinary(name) {
  for (const folder of searchPath()) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return undefined
}

export function requireBinary({ name, install, find = () => findBinary(name) }) {
  const file = find()
  if (file !== undefined) return file
  const test = TestRunner.getCurrentTest()
  if (test === undefined)
    throw new Error(
      `requireBinary('${name}') was called outside a test: use describeWithBinary() for a suite.`,
    )
  if (process.env.CI) throw new Error(missing({ name, install }))
  test.meta.missingBinary = { name, install }
  return test.context.skip(missing({ name, install }))
}

export function describeWithBinary({ name, install, find = () => findBinary(name) }, title, body) {
  const file = find()
  if (file !== undefined) return describe(title, () => body(file))
  if (process.env.CI)
    return describe(title, { meta: { missingBinary: { name, install } } }, () => {
      TestRunner.getCurrentSuite().test(`needs ${name}`, () => {
        throw new Error(missing({ name, install }))
      })
    })
  return describe.skip(title, { meta: { missingBinary: { name, install } } }, () => body(name))
}

function missing({ name, install }) {
  return `${name} is not installed: ${install}`
}

/** PATH, and where Debian keeps servers: those that not everybody's PATH has, and PostgreSQL's, newest first. */
function searchPath() {
  const versions = existsSync(postgresHomes) ? readdirSync(postgresHomes) : []
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a))
  return [
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    '/usr/sbin',
    ...newestFirst.map((version) => join(postgresHomes, version, 'bin')),
  ]
}
