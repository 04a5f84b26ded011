import { closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { reportOnce } from '../../self/report.js'
import { show } from '../../self/show.js'
import { slot } from '../../state/state.js'
import type { Level } from '../levels.js'
import { FdSink } from './fd.js'

const checkMs = 1000
// Readable for the group that collects logs, for nobody else: lines tell about people.
const mode = 0o640

const open = slot('log.files', () => new Map<string, FileSink>())

/**
 * Lines appended to a file, which is made where it is missing, its folder too. When the file was moved or removed, or on
 * SIGHUP, a new one is opened under the name: rotation is somebody else's (logrotate, for one). Costs a `stat` a second.
 */
export class FileSink extends FdSink {
  private checked = performance.now()
  /** No destination any more; closed once nothing waits. */
  private isReleased = false

  /** Throws what opening the file throws. */
  constructor(private readonly path: string) {
    super(openForAppend(path), path)
  }

  override write(text: string, level: Level): void {
    if (performance.now() - this.checked > checkMs) this.reopenIfMoved()
    super.write(text, level)
  }

  /** Opens the file anew; where that fails, the former one is written on. */
  reopen(): void {
    this.checked = performance.now()
    try {
      const former = this.fd
      this.redirect(openForAppend(this.path))
      closeSync(former)
    } catch (problem) {
      reportOnce(`reopen ${this.path}`, `${this.path} can't be opened anew: ${show(problem)}`)
    }
  }

  get isInUse(): boolean {
    return !this.isReleased
  }

  /** It is a destination again. */
  claim(): this {
    this.isReleased = false
    return this
  }

  /** It is no destination any more: what waits is still written, then the file is closed. */
  release(): void {
    if (this.isReleased) return
    this.isReleased = true
    this.flush()
    if (!this.isWaiting) this.becameIdle()
  }

  protected override becameIdle(): void {
    if (!this.isReleased) return
    open.delete(this.path)
    this.closeDescriptor()
  }

  private reopenIfMoved(): void {
    this.checked = performance.now()
    if (isSame(this.path, this.fd)) return
    this.reopen()
  }
}

/** The process's one sink for a file: two would not know of each other's waiting bytes. Throws what opening it throws. */
export function fileSink(path: string): FileSink {
  const absolute = resolve(path)
  const known = open.get(absolute)
  if (known !== undefined) return known.claim()
  const made = new FileSink(absolute)
  open.set(absolute, made)
  return made
}

/** Throws what opening the file throws; leaves it closed. */
export function tryToOpen(path: string): void {
  closeSync(openForAppend(resolve(path)))
}

/** Closes the files that are not among the destinations. */
export function releaseFiles(used: ReadonlySet<unknown>): void {
  for (const file of [...open.values()]) if (!used.has(file)) file.release()
}

/** Opens every log file anew; false where there are none. */
export function reopenFiles(): boolean {
  const files = [...open.values()].filter((file) => file.isInUse)
  for (const file of files) file.reopen()
  return files.length > 0
}

function openForAppend(path: string): number {
  makeFolder(dirname(path))
  // Opening a pipe that nobody reads would wait for a reader, for ever perhaps; so it throws ENXIO.
  if (isPipe(path)) return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  return openSync(path, 'a', mode)
}

// One by one: in some places, /proc for one, Node's own recursive way never ends.
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true
}

function isSame(path: string, fd: number): boolean {
  try {
    const [named, written] = [statSync(path), fstatSync(fd)]
    return named.ino === written.ino && named.dev === written.dev
  } catch {
    return false
  }
}
