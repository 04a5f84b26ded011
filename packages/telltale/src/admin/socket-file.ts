import { chmodSync, lstatSync, mkdtempSync, renameSync, rmdirSync, type Stats, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'

/** A socket comes into being in a folder of its owner's alone, and in place with its mode already set. */
export class SocketFile {
  private readonly folder: string
  private inode: number | undefined

  /** Throws where the folder of `path` can't be written. */
  constructor(private readonly path: string) {
    this.folder = mkdtempSync(join(dirname(path), '.t'))
  }

  /** Where to listen first. */
  get birthplace(): string {
    return join(this.folder, 's')
  }

  /** Puts it in place, where nothing or a dead socket is. */
  place(): void {
    chmodSync(this.birthplace, 0o600)
    this.inode = lstatSync(this.birthplace).ino
    renameSync(this.birthplace, this.path)
    rmdirSync(this.folder)
  }

  /** Takes away what is still there of it, and nothing of anybody else's. */
  remove(): void {
    if (this.inode !== undefined && statOf(this.path)?.ino === this.inode) unlinkSync(this.path)
    if (statOf(this.folder) === undefined) return
    if (statOf(this.birthplace) !== undefined) unlinkSync(this.birthplace)
    rmdirSync(this.folder)
  }
}

/** Rejects where a path is taken: by a file, or by a socket on which somebody listens. */
export async function checkFree(path: string): Promise<void> {
  const stat = statOf(path)
  if (stat === undefined) return
  if (!stat.isSocket()) throw new Error(`${path} is there and is no socket`)
  await new Promise<void>((resolve, reject) => {
    const probe = connect(path)
    probe.on('connect', () => {
      probe.destroy()
      reject(new Error(`another process listens on ${path}`))
    })
    probe.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve() : reject(error),
    )
  })
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
