import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A package as the project has it. */
export interface Installed {
  readonly folder: string
  readonly version: string
}

/** The package that code in `from` would get. */
export function installed(name: string, from: string): Installed | undefined {
  for (const parent of createRequire(join(from, 'any.js')).resolve.paths(name) ?? []) {
    const manifest = join(parent, name, 'package.json')
    if (!existsSync(manifest)) continue
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }
    return { folder: dirname(manifest), version: String(version) }
  }
  return undefined
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number)
  return hasMajor > major || (hasMajor === major && hasMinor >= minor)
}
