import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Puts the folder `next` in the place of `current` by renames: whoever reads there sees the old one or the new one. */
export function replaceFolder(next, current) {
  mkdirSync(dirname(current), { recursive: true })
  const former = `${next}.former`
  rmSync(former, { recursive: true, force: true })
  if (existsSync(current)) renameSync(current, former)
  renameSync(next, current)
  rmSync(former, { recursive: true, force: true })
}
