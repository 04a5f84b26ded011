import { closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs'
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
  if (known !== undefined) return known
  const made = new FileSink(absolute)
  open.set(absolute, made)
  return made
}

/** Throws what opening the file throws; leaves it closed. */
export function tryToOpen(path: string): void {
  closeSync(openForAppend(resolve(path)))
}

/** Opens every log file anew; false where there are none. */
export function reopenFiles(): boolean {
  for (const file of open.values()) file.reopen()
  return open.size > 0
}

function openForAppend(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'a', mode)
}

function isSame(path: string, fd: number): boolean {
  try {
    const [named, written] = [statSync(path), fstatSync(fd)]
    return named.ino === written.ino && named.dev === written.dev
  } catch {
    return false
  }
}
