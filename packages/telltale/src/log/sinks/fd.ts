import { closeSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { type Descriptor, openDescriptor } from '../../self/descriptor.js'
import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import { levelNumber, type Level } from '../levels.js'
import { Backlog, type Piece } from './backlog.js'
import { chunkEnd, exactly, linesIn, newline } from './lines.js'
import { lostLines } from './lost.js'
import { beginToEnd, ending, type LivingSink } from './ending.js'
import { bounds, exitWaitMs, Patience, waitAMoment } from './patience.js'

const turnChars = 16_384
const maxRetryMs = 50
const diskRetryMs = 1000
const settleLookMs = 10

// Never shared with a worker thread, and used within one call only.
const encoded = Buffer.allocUnsafeSlow(65_536)

// After these nobody is there to write to.
const closed = new Set<string | undefined>(['EPIPE', 'EBADF', 'ECONNRESET', 'ENOTCONN', 'EINVAL'])

/** Consecutive events of one level in the text of a turn. */
interface Run {
  readonly level: Level
  readonly start: number
  events: number
}

/**
 * Lines to a file descriptor, written synchronously in chunks: those of one event-loop turn go out together, 16 Ki
 * characters at the latest. A full pipe is waited for a moment (`Patience`), then lines are kept (`Backlog`) and
 * offered again by timer; what had to go is counted, and said once when the pipe takes lines again. A full disk is the
 * same without the wait. A closed pipe drops all.
 */
export class FdSink implements LivingSink {
  private text = ''
  private runs: Run[] = []
  private run: Run | undefined
  private hasCritical = false
  private scheduled = false
  private retry: NodeJS.Timeout | undefined
  private retryMs = 0
  private lastTaken = 0
  private to: Descriptor | undefined
  private readonly backlog = new Backlog()
  /** A piece of which the destination may have taken a part; it comes before the backlog and begins with a line. */
  private torn: Piece | undefined
  /** Bytes of it that were taken. */
  private tornAt = 0
  private readonly patience = new Patience()
  private trouble: 'full' | 'disk_full' | 'closed' | undefined
  private isEnd = false

  /** `name` is what people know the destination as. */
  constructor(
    protected fd: number,
    readonly name: string,
  ) {
    ending.living.add(this)
  }

  write(text: string, level: Level): void {
    let run = this.run
    if (run === undefined || run.level !== level) {
      run = this.run = { level, start: this.text.length, events: 0 }
      this.runs.push(run)
      if (level === 'critical') this.hasCritical = true
    }
    run.events++
    this.text += text
    if (this.text.length >= turnChars) this.flush()
    else if (ending.idle) this.flush()
    else if (!this.scheduled) this.schedule()
  }

  flush(): void {
    const { text, runs } = this
    if (text !== '') {
      this.text = ''
      this.runs = []
      this.run = undefined
      if (this.trouble === 'closed') {
        for (const { events } of runs) dropped('log', 'closed', events)
      } else if (this.isWaiting) this.keep(text, runs, 0)
      else this.send(text, runs)
    }
    if (this.isWaiting) this.drain()
    this.hasCritical = false
  }

  /**
   * For the end of the process: waits for a full destination to take the rest, two seconds at most for all there are,
   * and not for one that has stood still for as long already.
   */
  flushAndWait(): void {
    // What is raised while this goes on is written by it.
    if (this.isEnd) return
    const deadline = this.isStuck ? 0 : beginToEnd()
    this.isEnd = true
    for (;;) {
      this.flush()
      // What was lost is said even where nothing else waits any more.
      if (!this.isWaiting && this.trouble !== 'closed') this.recovered()
      if (!this.isWaiting && this.text === '') break
      if ((this.isWaiting && this.trouble !== 'full') || performance.now() >= deadline) break
      if (this.isWaiting) waitAMoment()
    }
    this.isEnd = false
    if (this.isWaiting) this.giveUp('at the end of the process')
  }

  async settle(): Promise<void> {
    while (this.isWaiting && this.trouble === 'full' && !this.isStuck)
      await new Promise((resolve) => setTimeout(resolve, settleLookMs))
  }

  /** Whatever was to go to the former descriptor has been tried; a line that it took in part begins anew. */
  protected redirect(fd: number): void {
    this.flush()
    this.tornAt = 0
    if (this.to !== undefined && this.to.fd !== this.fd) closeSync(this.to.fd)
    this.fd = fd
    this.to = undefined
    this.trouble = this.isWaiting ? 'full' : undefined
    if (this.isWaiting) this.drain()
  }

  private get isStuck(): boolean {
    return this.isWaiting && performance.now() - this.lastTaken > exitWaitMs
  }

  protected get isWaiting(): boolean {
    return this.torn !== undefined || this.backlog.bytes > 0
  }

  private schedule(): void {
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      this.flush()
    })
  }

  /** By way of one buffer for all: making one for each turn's lines cost a twentieth of a request (measured). */
  private send(text: string, runs: readonly Run[]): void {
    const fits = text.length * 3 <= encoded.length
    const bytes = fits ? encoded.subarray(0, encoded.write(text)) : Buffer.from(text)
    const written = this.put(bytes, 0)
    if (written < bytes.length) this.keep(text, runs, written)
    else if (this.trouble !== undefined) this.recovered()
  }

  /** Writes chunk after chunk; returns up to where bytes were taken before the destination would block or failed. */
  private put(bytes: Buffer, from: number): number {
    const { fd, chunk } = (this.to ??= openDescriptor(this.fd))
    let at = from
    while (at < bytes.length) {
      const end = chunk === Infinity ? bytes.length : chunkEnd(bytes, at, chunk)
      try {
        at += writeSync(fd, bytes, at, end - at)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EINTR') continue
        if (code === 'EAGAIN' && !this.isEnd && this.patience.wait(this.hasCritical)) continue
        this.failed(code)
        break
      }
    }
    return at
  }

  private failed(code: string | undefined): void {
    if (code === 'EAGAIN') {
      this.trouble = 'full'
    } else if (closed.has(code) || (code === 'EIO' && isatty(this.fd))) {
      this.trouble = 'closed'
      this.report(code, 'dropped')
    } else {
      // A disk without room, a quota, a file that is too large: it may be otherwise in a second.
      this.trouble = 'disk_full'
      this.report(code, `kept up to ${bounds.maxBufferBytes} bytes until they can`)
    }
  }

  /** What was not taken goes to the backlog, by level. */
  private keep(text: string, runs: readonly Run[], written: number): void {
    let at = 0
    for (const [index, { level, start, events }] of runs.entries()) {
      const end = runs[index + 1]?.start ?? text.length
      // Of a flood nothing is encoded that would only be dropped.
      if (written === 0 && !this.backlog.hasRoom(end - start, levelNumber(level)!, bounds.maxBufferBytes)) {
        this.countLost(this.backlog.lose({ level: levelNumber(level)!, events }))
        continue
      }
      const bytes = exactly(text.slice(start, end))
      const begun = at
      at += bytes.length
      if (at <= written) continue
      if (written <= begun) this.push({ level: levelNumber(level)!, bytes, events })
      else this.keepRest(bytes, written - begun, levelNumber(level)!, events)
    }
    this.lastTaken = performance.now()
    if (this.trouble === 'closed') this.giveUp('')
    else this.retryLater()
  }

  /** The rest of a run: the line that was begun comes first, whatever its level. */
  private keepRest(bytes: Buffer, written: number, level: number, events: number): void {
    if (bytes[written - 1] !== newline) {
      const end = bytes.indexOf(newline, written) + 1
      this.tear({ level, bytes: bytes.subarray(0, end), events: 1 }, written)
      written = end
    }
    const rest = bytes.subarray(written)
    if (rest.length > 0) this.push({ level, bytes: rest, events: Math.min(events, linesIn(rest)) })
  }

  private tear(piece: Piece, written: number): void {
    const begin = written === 0 ? 0 : piece.bytes.lastIndexOf(newline, written - 1) + 1
    const bytes = piece.bytes.subarray(begin)
    this.torn = { ...piece, bytes, events: Math.min(piece.events, linesIn(bytes)) }
    this.tornAt = written - begin
  }

  private push(piece: Piece): void {
    this.countLost(this.backlog.push(piece, bounds.maxBufferBytes))
  }

  private countLost(lost: number): void {
    if (lost === 0) return
    dropped('log', this.trouble ?? 'full', lost)
    if (this.trouble === 'full')
      reportOnce(
        `${this.name} full`,
        `log lines for ${this.name} are dropped, lowest level first: its reader is slower than the log and ${bounds.maxBufferBytes} bytes are waiting.`,
      )
  }

  private drain(): void {
    let taken = false
    for (;;) {
      const from = this.tornAt
      const piece = this.torn ?? this.backlog.shift()
      this.torn = undefined
      this.tornAt = 0
      if (piece === undefined) return this.recovered()
      const written = this.put(piece.bytes, from)
      if (written > from) {
        taken = true
        if (this.trouble === 'disk_full') this.trouble = 'full'
      }
      if (written < piece.bytes.length) {
        this.tear(piece, written)
        break
      }
    }
    if (this.trouble === 'closed') return this.giveUp('')
    if (taken) {
      this.retryMs = 0
      this.lastTaken = performance.now()
    }
    this.retryLater()
  }

  private recovered(): void {
    clearTimeout(this.retry)
    this.retry = undefined
    this.retryMs = 0
    this.trouble = undefined
    this.patience.restore()
    const lost = this.backlog.takeLost()
    if (lost !== undefined) lostLines.tell(this.name, lost)
    this.becameIdle()
  }

  /** Nothing waits any more, after something did. */
  protected becameIdle(): void {}

  /** Closes the descriptor: nothing waits and nothing will come. */
  protected closeDescriptor(): void {
    if (this.to !== undefined && this.to.fd !== this.fd) closeSync(this.to.fd)
    closeSync(this.fd)
    ending.living.delete(this)
  }

  private retryLater(): void {
    if (this.retry !== undefined || this.isEnd) return
    this.retryMs = Math.min(maxRetryMs, this.retryMs * 2 || 1)
    this.retry = setTimeout(
      () => {
        this.retry = undefined
        this.flush()
      },
      this.trouble === 'disk_full' ? diskRetryMs : this.retryMs,
    )
    // A slow reader gets everything; one that stands still, or a full disk, must not keep a finished process alive.
    if (this.isStuck || this.trouble === 'disk_full') this.retry.unref()
  }

  private giveUp(when: string): void {
    const torn = this.torn === undefined ? 0 : this.backlog.lose(this.torn)
    this.torn = undefined
    this.tornAt = 0
    dropped('log', this.trouble ?? 'full', torn + this.backlog.clear())
    // Those dropped before too: there is no later summary to say it.
    const lost = Object.values(this.backlog.takeLost() ?? {}).reduce((sum, each) => sum + each, 0)
    if (when !== '')
      reportOnce(`${this.name} end`, `${lost} log lines for ${this.name} could not be written ${when}.`)
  }

  private report(code: string | undefined, what: string): void {
    reportOnce(
      `${this.name} ${code}`,
      `log lines can't be written to ${this.name} (${code ?? 'unknown error'}) and are ${what}.`,
    )
  }
}
