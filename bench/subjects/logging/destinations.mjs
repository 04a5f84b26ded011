import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { name } from './event.mjs'

/**
 * Where a measured process writes. Each opens `{ fd, file, lines }`: the descriptor for its standard output, the path
 * for a file transport of its own (else undefined), and `lines()`, to be called once the process has ended: how many
 * of the benchmark's arrived, or undefined where nobody counts.
 */
export const destinations = {
  /** A pipe as a shell makes one, not the socket pair of child_process; `grep` drains it on the other core, uncounted. */
  async pipe(use) {
    await inFolder(async (folder) => {
      const { reader, writer } = openPipe(join(folder, 'pipe'))
      const counting = countLines(reader)
      closeSync(reader)
      await use({ fd: writer, lines: () => counting, started: () => closeSync(writer) })
    })
  },
  /** A file on the disk under the temporary folder: the operating system's cache takes the bytes. */
  async file(use) {
    await inFolder(async (folder) => {
      const file = join(folder, 'lines')
      const fd = openSync(file, 'w')
      const lines = () => {
        const written = openSync(file, 'r')
        const counting = countLines(written)
        closeSync(written)
        return counting
      }
      await use({ fd, file, lines, started: () => closeSync(fd) })
    })
  },
  /** /dev/null: drained at no cost, for what is to be seen without the writing's noise. */
  async null(use) {
    await use({ fd: 'ignore', lines: async () => undefined, started: () => {} })
  },
}

/** Both ends of a new FIFO, both blocking, as between the commands of a shell. */
export function openPipe(path) {
  execFileSync('mkfifo', [path])
  // Neither end of a FIFO opens before the other, unless one opens both.
  const both = openSync(path, 'r+')
  const ends = { reader: openSync(path, 'r'), writer: openSync(path, 'w') }
  closeSync(both)
  return ends
}

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Reads to the end and resolves to the number of the benchmark's lines; a logger's own are none of them. */
function countLines(fd) {
  const grep = spawn('grep', ['-cF', name], {
    stdio: [fd, 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  let text = ''
  grep.stdout.setEncoding('utf8').on('data', (more) => (text += more))
  return new Promise((resolve, reject) => {
    grep.on('error', reject)
    grep.on('close', () => resolve(Number(text)))
  })
}
