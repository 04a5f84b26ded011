import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { checkDisk, type DiskOptions } from './disk.js'

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  return { ...real, statfs: vi.fn(real.statfs) }
})

afterEach(() => vi.mocked(statfs).mockClear())

const { signal } = new AbortController()

/** 10 GiB, of which root keeps 1 GiB and 1 GiB is free; 1,000 inodes, of which 100 are. */
const tenth = { bsize: 4096, blocks: 2_621_440, bfree: 524_288, bavail: 262_144, files: 1000, ffree: 100 }

function given(stats: Partial<typeof tenth>): void {
  vi.mocked(statfs).mockResolvedValueOnce({ ...tenth, type: 0, ...stats } as StatsFs as never)
}

test('the disk at hand is read', async () => {
  await checkDisk(tmpdir(), { minFreeBytes: 1, minFreeShare: 1e-9 })(signal)
  await expect(checkDisk(tmpdir(), { minFreeBytes: 2 ** 60 })(signal)).rejects.toThrow(
    /^\/.* has [\d.]+ [MGT]iB of [\d.]+ [MGT]iB free; at least 1024 PiB are asked for$/,
  )
})

const share = '/data has 1 GiB of 9 GiB free, 11.1 %; at least'
test.each<[DiskOptions, Partial<typeof tenth>, string | undefined]>([
  [{}, {}, undefined],
  [{ minFreeShare: 0.1 }, {}, undefined],
  [{ minFreeShare: 0.12 }, {}, `${share} 12 % is asked for`],
  [{}, { bavail: 0 }, '/data has 0 bytes of 8 GiB free, 0 %; at least 5 % is asked for'],
  [{ minFreeBytes: 2 ** 30 }, {}, undefined],
  [{ minFreeBytes: 2 ** 30 + 1 }, {}, '/data has 1 GiB of 9 GiB free; at least 1 GiB are asked for'],
  [{ minFreeBytes: 1 }, { bavail: 1 }, undefined],
  [{ minFreeBytes: 1, minFreeShare: 0.5 }, { files: 0, ffree: 0 }, `${share} 50 % is asked for`],
  [{}, { ffree: 49 }, '/data has 49 of 1000 inodes free, 4.9 %; at least 5 % is asked for'],
  [{ minFreeBytes: 1 }, { ffree: 49 }, '/data has 49 of 1000 inodes free, 4.9 %; at least 5 % is asked for'],
  [{}, { files: 0, ffree: 0 }, undefined],
])('%j of %j', async (options, stats, message) => {
  given(stats)
  const answer = checkDisk('/data', options)(signal) as Promise<void>
  if (message === undefined) await answer
  else await expect(answer).rejects.toThrow(new Error(message))
})

test('a file system that hangs is asked once until it answers', async () => {
  let answer = (_stats: StatsFs): void => undefined
  vi.mocked(statfs).mockReturnValueOnce(new Promise<StatsFs>((resolve) => (answer = resolve)) as never)
  const check = checkDisk('/mnt')
  for (let run = 0; run < 3; run++) {
    const late = AbortSignal.abort(new Error('no answer within 5 ms'))
    await expect(check(late)).rejects.toThrow('no answer within 5 ms: the file system of /mnt did not answer')
  }
  expect(statfs).toHaveBeenCalledTimes(1)
  const joined = check(signal)
  answer({ ...tenth, type: 0 } as StatsFs)
  await joined
  given({})
  await check(signal)
  expect(statfs).toHaveBeenCalledTimes(2)
})

test('a path that is not there fails with its code', async () => {
  await expect(checkDisk('/not/there')(signal)).rejects.toMatchObject({ code: 'ENOENT' })
})

test.each([
  [[undefined], 'checkDisk(): the first argument must be a path, got undefined.'],
  [['/', { minFreeShare: 5 }], 'minFreeShare must be a share between 0 and 1 such as 0.1, got 5.'],
  [['/', { minFreeBytes: '1 GB' }], 'minFreeBytes must be a number of bytes from 1, got 1 GB.'],
  [['/', { minFree: 1 }], 'minFree is not an option; there are minFreeBytes, minFreeShare.'],
  [['/', null], 'checkDisk(): the options must be an object, got null.'],
])('%j is refused', (args, message) => {
  expect(() => checkDisk(...(args as [string]))).toThrow(message)
})
