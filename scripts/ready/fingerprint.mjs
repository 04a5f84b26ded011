import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const skipped = /^(node_modules|dist|test|\..*)$|\.(test|test-[a-z]+|fixture)\.[cm]?ts$/

/** A digest of the contents of files and folders, given from the repository's root. Tests and build output don't count. */
export function contentsOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of filesIn(path, (name) => !skipped.test(name)))
      hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** A digest of names, sizes and times below a folder: cheap, and different once anyone but the build wrote there. */
export function outlineOf(folder) {
  const hash = createHash('sha256')
  for (const file of filesIn(folder, () => true)) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function filesIn(path, keep) {
  const absolute = join(root, path)
  if (!existsSync(absolute)) return []
  if (statSync(absolute).isFile()) return [path]
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => keep(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = `${path}/${entry.name}`
      if (entry.isDirectory()) return filesIn(inside, keep)
      return entry.isFile() ? [inside] : []
    })
}
