import { execFileSync } from 'node:child_process'
import type * as fs from 'node:fs'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDescriptor } from './descriptor.js'

const own = { isForbidden: false }

// A pipe of another user's may be written, not opened.
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    openSync: (path: string, ...rest: [number]) => {
      if (own.isForbidden && path.startsWith('/proc/self/fd/'))
        throw Object.assign(new Error('permission denied'), { code: 'EACCES' })
      return real.openSync(path, ...rest)
    },
  }
})

let folder: string
const opened: number[] = []

function open(path: string, flags: number): number {
  const fd = openSync(path, flags)
  opened.push(fd)
  return fd
}

/** Writes to it do not block. */
function isNonBlocking(fd: number): boolean {
  const flags = /flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))![1]!
  return (Number.parseInt(flags, 8) & constants.O_NONBLOCK) !== 0
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'descriptor-'))
  own.isForbidden = false
})
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd)
  rmSync(folder, { recursive: true })
})

function pipe(): number {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return openSync(path, constants.O_WRONLY)
}

describe('openDescriptor', () => {
  it('opens a pipe for itself, so that others who hold it still block', () => {
    const fd = pipe()
    const made = openDescriptor(fd)
    expect(made).toEqual({ fd: expect.any(Number) as number, chunk: 4096 })
    expect(made.fd).not.toBe(fd)
    expect(isNonBlocking(made.fd)).toBe(true)
    expect(isNonBlocking(fd)).toBe(false)
    opened.push(fd, made.fd)
  })

  it('goes through a socket object where the pipe may not be opened', () => {
    own.isForbidden = true
    const fd = pipe()
    expect(openDescriptor(fd)).toEqual({ fd, chunk: 4096 })
    expect(isNonBlocking(fd)).toBe(true)
    // The socket object holds it from here on.
  })

  it('leaves a file and a device as they are', () => {
    for (const path of [join(folder, 'file'), '/dev/null']) {
      const fd = open(path, constants.O_WRONLY | constants.O_CREAT)
      expect(openDescriptor(fd)).toEqual({ fd, chunk: Infinity })
      expect(isNonBlocking(fd)).toBe(false)
    }
  })

  it('does not throw for what is closed', () => {
    expect(openDescriptor(1_000_000)).toEqual({ fd: 1_000_000, chunk: Infinity })
  })
})
