import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkMemory, memoryCheck, type Use } from './memory.js'
import { memoryUse } from './memory-use.js'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

const mib = 2 ** 20
const { signal } = new AbortController()

/** A root folder with these files. */
function root(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-memory-'))
  made.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\n`)
  }
  return folder
}

/** The files of a group of version 2, in MiB. */
function group(folder: string, limit: number | 'max', used: number, inactive = 0): Record<string, string> {
  return {
    [`sys/fs/cgroup/${folder}memory.max`]: limit === 'max' ? limit : String(limit * mib),
    [`sys/fs/cgroup/${folder}memory.current`]: String(used * mib),
    [`sys/fs/cgroup/${folder}memory.stat`]: `anon 1\ninactive_anon 5\ninactive_file ${inactive * mib}\nfile 9`,
  }
}

const v2 = 'the limit of cgroup v2'
const v1 = 'the limit of cgroup v1'
const v1Files = {
  'proc/self/cgroup': '11:cpu,cpuacct:/app\n4:memory:/app\n0::/app',
  'sys/fs/cgroup/memory/app/memory.limit_in_bytes': String(512 * mib),
  'sys/fs/cgroup/memory/app/memory.usage_in_bytes': String(200 * mib),
  'sys/fs/cgroup/memory/app/memory.stat': `inactive_file 7\ntotal_inactive_file ${50 * mib}`,
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
  'sys/fs/cgroup/memory/memory.usage_in_bytes': String(900 * mib),
  'sys/fs/cgroup/memory/memory.stat': '',
}

test.each<[string, Record<string, string>, number, number, string]>([
  [
    "a container's own group",
    { 'proc/self/cgroup': '0::/', ...group('', 512, 300, 100) },
    200,
    512,
    `${v2} /`,
  ],
  [
    'the smallest limit of several, with what is used of it',
    {
      'proc/self/cgroup': '0::/pods/one/app',
      ...group('pods/', 900, 800),
      ...group('pods/one/', 256, 90, 10),
      ...group('pods/one/app/', 512, 40),
    },
    80,
    256,
    `${v2} /pods/one`,
  ],
  [
    'a group without a limit below one that has one',
    {
      'proc/self/cgroup': '0::/slice/app.service',
      ...group('slice/', 400, 100),
      ...group('slice/app.service/', 'max', 50),
    },
    100,
    400,
    `${v2} /slice`,
  ],
  [
    'a path of the host, of which only the last folder is there',
    { 'proc/self/cgroup': '0::/docker/4a1b', ...group('', 128, 64) },
    64,
    128,
    `${v2} /`,
  ],
  [
    'a path from outside the namespace',
    { 'proc/self/cgroup': '0::/../../other', ...group('', 128, 64) },
    64,
    128,
    `${v2} /`,
  ],
  ['version 1', v1Files, 150, 512, `${v1} /app`],
])('%s', async (_what, files, used, limit, of) => {
  expect(await memoryUse(root(files))).toEqual({ used: used * mib, limit: limit * mib, of })
})

test.each<[string, Record<string, string>]>([
  ['no files', {}],
  ['no limit', { 'proc/self/cgroup': '0::/', ...group('', 'max', 5) }],
  ['a limit above the machine', { 'proc/self/cgroup': '0::/', ...group('', totalmem() / mib + 1, 5) }],
  [
    'a limit, and no file of what is used',
    { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': '4096' },
  ],
  ['lines of another shape', { 'proc/self/cgroup': 'nonsense\n\n0:' }],
])("with %s it is the process of the machine's memory", async (_what, files) => {
  const use = await memoryUse(root(files))
  expect(use).toMatchObject({ limit: totalmem(), of: "the machine's memory" })
  expect(use.used).toBeGreaterThan(mib)
  expect(use.used).toBeLessThan(totalmem())
})

const heap = (used: number) => (): Use => ({ used: used * mib, limit: 100 * mib, of: "V8's heap" })

test.each<[string, number, number, number | undefined, string | undefined]>([
  ['both below', 460, 90, undefined, undefined],
  [
    'the group above',
    470,
    10,
    undefined,
    '91.8 % of the limit of cgroup v2 / is in use: 470 MiB of 512 MiB; at most 90 % is allowed',
  ],
  [
    'the heap above',
    10,
    91,
    undefined,
    "91 % of V8's heap is in use: 91 MiB of 100 MiB; at most 90 % is allowed",
  ],
  [
    'above a share of its own',
    10,
    51,
    0.5,
    "51 % of V8's heap is in use: 51 MiB of 100 MiB; at most 50 % is allowed",
  ],
  ['below a share of its own', 500, 10, 0.99, undefined],
])('%s', async (_what, used, heapUsed, maxShare, message) => {
  const folder = root({ 'proc/self/cgroup': '0::/', ...group('', 512, used) })
  const answer = memoryCheck(
    { ...(maxShare !== undefined && { maxShare }) },
    folder,
    heap(heapUsed),
  )(signal) as Promise<void>
  if (message === undefined) await answer
  else await expect(answer).rejects.toThrow(new Error(message))
})

test('this process passes', async () => {
  await checkMemory({ maxShare: 0.999 })(signal)
})

test.each([
  [{ maxShare: 90 }, 'checkMemory(): maxShare must be a share between 0 and 1 such as 0.1, got 90.'],
  [{ share: 0.9 }, 'checkMemory(): share is not an option; there is maxShare.'],
])('%j is refused', (options, message) => {
  expect(() => checkMemory(options as never)).toThrow(message)
})
