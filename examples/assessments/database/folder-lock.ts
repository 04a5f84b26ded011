import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The locks of this process: in a container, a dead holder may have had this process's very number. */
const mine = new Set<string>()

/**
 * Takes a data folder for this process alone: PGlite itself lets two processes open, and ruin, the same one.
 * Returns the function that gives it back. Throws when a living process has it; a dead one's lock is taken over.
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`
  mkdirSync(dirname(file), { recursive: true })
  if (!create(file)) {
    refuseUnlessStale(folder, file)
    takeOver(folder, file)
  }
  mine.add(file)
  return () => {
    mine.delete(file)
    rmSync(file, { force: true })
  }
}

/** Replaces a dead process's lock. One process at a time, which looks again: else two would each remove the other's. */
function takeOver(folder: string, file: string): void {
  const guard = `${file}.takeover`
  if (!create(guard)) throw refusal(folder, guard)
  try {
    refuseUnlessStale(folder, file)
    rmSync(file, { force: true })
    if (!create(file)) throw refusal(folder, file)
  } finally {
    rmSync(guard, { force: true })
  }
}

/** Makes the file; false when it is there already. */
function create(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function refuseUnlessStale(folder: string, file: string): void {
  const holder = readHolder(file)
  // A file without a number is one that is just being written.
  if (holder === undefined || mine.has(file) || (holder !== process.pid && isAlive(holder))) {
    throw refusal(folder, file)
  }
}

function refusal(folder: string, file: string): Error {
  const holder = readHolder(file)
  const who = holder === undefined ? 'another process' : `process ${holder}`
  return new Error(
    `The data folder ${folder} is open in ${who}. Stop that process, choose another folder with ` +
      `DATA_DIR, or, if it is not a database, delete ${file}.`,
  )
}

function readHolder(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined
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
