import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { root } from '../ready/root.mjs'
import { run } from '../ready/run.mjs'

/** A gate that is one program of node_modules: it fails with what the program said. */
export async function program(script, args, options) {
  const { code, output } = await run(process.execPath, [join(root, 'node_modules', script), ...args], options)
  return code === 0 ? [] : [output]
}

export function readText(path) {
  return readFileSync(join(root, path), 'utf8')
}

export function readJson(path) {
  return JSON.parse(readText(path))
}

/** Files below a folder, given and returned from the repository's root, without installed, built and hidden ones. */
export function filesBelow(folder, pattern) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)(node_modules|dist|\.[^/]+)\//.test(path))
    .toSorted()
}

/** package.json files of the root and every workspace. */
export function manifests() {
  return filesBelow('.', /^package\.json$/).map((path) => ({ path, ...readJson(path) }))
}
