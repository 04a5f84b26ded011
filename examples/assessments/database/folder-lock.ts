import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Takes a data folder for this process alone: PGlite itself lets two processes open, and ruin, the same one.
 * Returns the function that gives it back. Throws when a living process has it; a dead one's lock is taken over.
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`
  mkdirSync(dirname(file), { recursive: true })
  const holder = readHolder(file)
  // In a container the last run may have had this very number.
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `The data folder ${folder} is open in process ${holder}. Stop that process, choose another folder with ` +
        `DATA_DIR, or, if ${holder} is not a database, delete ${file}.`,
    )
  }
  rmSync(file, { force: true })
  writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
  return () => rmSync(file, { force: true })
}

function readHolder(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
