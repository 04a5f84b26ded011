import { join } from 'node:path/posix'
import type { Linted } from './finding.js'

/** What was linted in a folder below the one that the baseline names files from, named from there. */
export function namedFrom(part: string, linted: Linted): Linted {
  if (part === '') return linted
  const named = <Item extends { readonly file: string }>(items: readonly Item[]) =>
    items.map((item) => ({ ...item, file: join(part, item.file) }))
  return {
    ...linted,
    files: linted.files.map((file) => join(part, file)),
    findings: named(linted.findings),
    bulk: named(linted.bulk),
    silenced: named(linted.silenced),
    unused: named(linted.unused),
    unparsed: named(linted.unparsed),
  }
}

export function isIn(part: string, file: string): boolean {
  return part === '' || file.startsWith(`${part}/`)
}
