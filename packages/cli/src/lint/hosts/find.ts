import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NoVerdict } from '../no-verdict.js'
import { hostNames, type HostName } from '../options.js'
import { eslint } from './eslint.js'
import type { Host, Hosts } from './host.js'
import { installed, type Installed } from './installed.js'
import { oxlint } from './oxlint.js'

const hosts: Hosts = { eslint, oxlint }

export interface Found {
  readonly name: HostName
  readonly host: Host
  readonly installed: Installed
  /** Another that is installed and would do, where no configuration has decided. */
  readonly other: Host | undefined
}

/** The host that was asked for, or the one whose configuration names our rules; of two, the faster. */
export function findHost(folder: string, asked: HostName | undefined): Found {
  if (asked !== undefined) {
    const found = installed(asked, folder)
    if (found !== undefined) return { ...accepted(asked, found), other: undefined }
    throw new NoVerdict(
      `${hosts[asked].title} is not installed in ${folder}: npm install --save-dev ${asked}`,
    )
  }
  const there = hostNames
    .flatMap((name) => {
      const found = installed(name, folder)
      return found === undefined ? [] : [{ name, found, score: score(hosts[name], folder) }]
    })
    .toSorted((a, b) => b.score - a.score || Number(b.name === 'oxlint') - Number(a.name === 'oxlint'))
  const [best, next] = there
  if (best !== undefined) {
    const isOpen = best.score < 2 && next !== undefined && hosts[next.name].accepts(next.found.version)
    return { ...accepted(best.name, best.found), other: isOpen ? hosts[next.name] : undefined }
  }
  throw new NoVerdict(
    `neither ESLint nor oxlint is installed in ${folder}. Run it where the service's node_modules are, or install one: npm install --save-dev oxlint eslint-plugin-telltale`,
  )
}

function accepted(name: HostName, found: Installed): Omit<Found, 'other'> {
  const host = hosts[name]
  if (host.accepts(found.version)) return { name, host, installed: found }
  throw new NoVerdict(`${host.title} ${found.version} can't run these rules: it takes ${host.needs}.`)
}

/** 2 where its configuration names our rules, 1 where it has one. */
function score(host: Host, folder: string): number {
  const config = nearestOf(host.configs, folder)
  if (config === undefined) return 0
  return /eslint-plugin-telltale|\btelltale\//.test(readFileSync(config, 'utf8')) ? 2 : 1
}

function nearestOf(names: readonly string[], folder: string): string | undefined {
  for (const name of names) if (existsSync(join(folder, name))) return join(folder, name)
  const parent = dirname(folder)
  return parent === folder ? undefined : nearestOf(names, parent)
}
