import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path/posix'
import type { Use } from './memory.js'

/** The files of one version of control groups. */
interface Version {
  readonly mount: string
  readonly limit: string
  readonly used: string
  /** In `memory.stat`: pages of files that the kernel drops before it kills, its children's included. */
  readonly droppable: string
  readonly name: string
}

// docs.kernel.org: admin-guide/cgroup-v2.rst, admin-guide/cgroup-v1/memory.rst
const v2: Version = {
  mount: 'sys/fs/cgroup',
  limit: 'memory.max',
  used: 'memory.current',
  droppable: 'inactive_file',
  name: 'cgroup v2',
}
const v1: Version = {
  mount: 'sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  droppable: 'total_inactive_file',
  name: 'cgroup v1',
}

/** Of the control groups below `root` that the process is in, the one of the smallest limit; without one, the machine's memory. */
export async function memoryUse(root: string): Promise<Use> {
  const found = await groupOf(root)
  const machine = totalmem()
  const use = found === undefined ? undefined : await smallest(root, found, machine)
  return use ?? { used: process.memoryUsage.rss(), limit: machine, of: "the machine's memory" }
}

interface Group {
  readonly version: Version
  readonly path: string
}

/** From lines such as `4:memory:/app` and `0::/app`: a machine with both versions has memory in the first. */
async function groupOf(root: string): Promise<Group | undefined> {
  const lines = (await textOf(join(root, 'proc/self/cgroup')))?.trim().split('\n') ?? []
  let group: Group | undefined
  for (const line of lines) {
    const [, id, controllers, path = '/'] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (controllers?.split(',').includes('memory')) return { version: v1, path }
    if (id === '0' && controllers === '') group = { version: v2, path }
  }
  return group
}

/** Upwards from the process's own group; in a container without a namespace for groups, only the last of them is there. */
async function smallest(root: string, { version, path }: Group, below: number): Promise<Use | undefined> {
  const mount = join(root, version.mount)
  let use: Use | undefined
  // A path from outside the namespace begins with /..
  for (let group = path.startsWith('/..') ? '/' : join('/', path); ; group = dirname(group)) {
    const folder = join(mount, group)
    const limit = await numberIn(join(folder, version.limit))
    if (limit !== undefined && limit > 0 && limit < (use?.limit ?? below)) {
      const used = await usedOf(folder, version)
      if (used !== undefined) use = { used, limit, of: `the limit of ${version.name} ${group}` }
    }
    if (group === '/') return use
  }
}

async function usedOf(folder: string, { used, droppable }: Version): Promise<number | undefined> {
  const all = await numberIn(join(folder, used))
  if (all === undefined) return undefined
  const stat = (await textOf(join(folder, 'memory.stat'))) ?? ''
  return Math.max(0, all - Number(new RegExp(`^${droppable} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0))
}

// `max` is no limit.
async function numberIn(file: string): Promise<number | undefined> {
  const text = (await textOf(file))?.trim() ?? ''
  return /^\d+$/.test(text) ? Number(text) : undefined
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    // Other systems have no such file, and not every cgroup has all of them.
    return undefined
  }
}
