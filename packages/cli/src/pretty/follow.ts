import { open, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 100
const chunkBytes = 65_536
const markBytes = 64
const newline = 0x0a

export interface FollowOptions {
  /** How many of the lines that are already there come first; Infinity: all. */
  readonly lines: number
  readonly signal?: AbortSignal
  readonly chunk: (bytes: Buffer) => Promise<void>
  /** What came before is whole: the file was truncated, or another took its name. */
  readonly end: () => Promise<void>
  /** Said once each time the file can't be opened. */
  readonly note: (text: string) => void
}

/**
 * Reads a file and what is added to it, by name, as `tail -F` does: it waits for the file to appear, reads a renamed one to
 * its end before it opens the next, and begins anew in one that was truncated. Looks ten times a second. Ends when aborted.
 */
export async function follow(path: string, options: FollowOptions): Promise<void> {
  const { signal, note } = options
  let said: string | undefined
  let isFirst = true
  while (signal?.aborted !== true) {
    const opened = await open(path, 'r').catch((error: NodeJS.ErrnoException) => error)
    if (opened instanceof Error) {
      const code = opened.code ?? opened.message
      if (code !== said)
        note(
          code === 'ENOENT' ? `waiting for ${path} to appear` : `can't read ${path} (${code}), trying again`,
        )
      said = code
      isFirst = false
      await pause(signal)
      continue
    }
    said = undefined
    try {
      await readWhileNamed(opened, path, { ...options, lines: isFirst ? options.lines : Infinity })
    } finally {
      await opened.close()
    }
    isFirst = false
  }
}

/** Returns when another file has the name and this one is read to its end. */
async function readWhileNamed(file: FileHandle, path: string, options: FollowOptions): Promise<void> {
  const { signal, chunk, end } = options
  const buffer = Buffer.allocUnsafe(chunkBytes)
  const own = await file.stat()
  if (!own.isFile()) throw new Error(`${path} is no regular file: give it without --follow`)
  let position = await startOf(file, own.size, options.lines)
  // The last bytes read, and where they stood: a file copied away, emptied and written past that point has others there.
  let mark = Buffer.alloc(0)

  const readOn = async () => {
    const { size } = await file.stat()
    if (size < position || !(await isSame(file, position, mark))) {
      await end()
      position = 0
      mark = Buffer.alloc(0)
    }
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, position)
      // The end of the file for now.
      if (bytesRead === 0) return
      position += bytesRead
      const bytes = Buffer.from(buffer.subarray(0, bytesRead))
      mark = Buffer.concat([mark, bytes.subarray(-markBytes)]).subarray(-markBytes)
      await chunk(bytes)
      if (signal?.aborted === true) return
    }
  }

  while (signal?.aborted !== true) {
    await readOn()
    const named = await stat(path).catch(() => undefined)
    // While nothing has the name, whoever wrote may still write to this one.
    if (named !== undefined && (named.ino !== own.ino || named.dev !== own.dev)) {
      await readOn()
      await end()
      return
    }
    await pause(signal)
  }
}

async function isSame(file: FileHandle, position: number, mark: Buffer): Promise<boolean> {
  if (mark.length === 0) return true
  const now = Buffer.alloc(mark.length)
  const { bytesRead } = await file.read(now, 0, mark.length, position - mark.length)
  return bytesRead === mark.length && now.equals(mark)
}

/** Where the last `lines` lines begin. */
async function startOf(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines === Infinity) return 0
  if (lines === 0) return size
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let left = lines
  for (let to = size; to > 0;) {
    const from = Math.max(0, to - chunkBytes)
    const { bytesRead } = await file.read(buffer, 0, to - from, from)
    for (let at = bytesRead - 1; at >= 0; at--) {
      // A newline at the very end closes the last line and begins none.
      if (buffer[at] !== newline || from + at === size - 1) continue
      if (--left === 0) return from + at + 1
    }
    to = from
  }
  return 0
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await delay(pollMs, undefined, signal === undefined ? undefined : { signal }).catch(() => undefined)
}
