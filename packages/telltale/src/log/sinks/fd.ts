import { writeSync } from 'node:fs'
import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import type { Sink } from './sink.js'

const chunk = 16_384
const maxHeld = 16 * 1024 * 1024
const retryMs = 10
const newline = 10
const exitWaitMs = 2000

// Never shared with a worker thread, and used within one call only.
const encoded = Buffer.allocUnsafeSlow(65_536)

const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Lines to a file descriptor: those of one event-loop turn go out together, 16 KiB at the latest. A full pipe keeps up
 * to 16 MiB waiting here; beyond that lines are dropped and counted. A closed pipe drops all, said once.
 */
export class FdSink implements Sink {
  private text = ''
  // What a full descriptor did not take, oldest first; written before any text.
  private waiting: Buffer[] = []
  private waitingBytes = 0
  private scheduled = false
  private broken = false
  // The descriptor has the beginning of a line and not yet its end.
  private torn = false

  constructor(private readonly fd: number) {}

  write(text: string): void {
    this.text += text
    if (this.text.length >= chunk) this.flush()
    else if (!this.scheduled) this.schedule()
  }

  flush(): void {
    const next = this.text
    this.text = ''
    if (next !== '') {
      if (this.broken) return lose(next, 'closed')
      if (this.waiting.length === 0) return this.send(next)
      if (this.waitingBytes + next.length > maxHeld) this.overflow(next)
      else this.hold(Buffer.from(next))
    }
    this.drain()
  }

  /** For the end of the process: waits for a full descriptor to take the rest, two seconds at most. */
  flushAndWait(): void {
    this.flush()
    const deadline = Date.now() + exitWaitMs
    while (this.waiting.length > 0 && Date.now() < deadline) {
      Atomics.wait(pause, 0, 0, retryMs)
      this.drain()
    }
  }

  private schedule(): void {
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      this.flush()
    })
  }

  /** By way of one buffer for all: making one for each turn's lines cost a twentieth of a request (measured). */
  private send(text: string): void {
    const fits = text.length * 3 <= encoded.length
    const bytes = fits ? encoded.subarray(0, encoded.write(text)) : Buffer.from(text)
    let written = 0
    try {
      written = this.put(bytes)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code !== 'EAGAIN' && code !== 'EINTR') {
        this.hold(Buffer.from(bytes))
        return this.fail(code)
      }
    }
    if (written === bytes.length) return
    this.hold(Buffer.from(bytes.subarray(written)))
    this.drain()
  }

  private put(bytes: Buffer): number {
    const written = writeSync(this.fd, bytes)
    if (written > 0) this.torn = bytes[written - 1] !== newline
    return written
  }

  private hold(bytes: Buffer): void {
    this.waiting.push(bytes)
    this.waitingBytes += bytes.length
  }

  private drain(): void {
    while (this.waiting.length > 0) {
      const bytes = this.waiting[0]!
      try {
        const written = this.put(bytes)
        this.waitingBytes -= written
        if (written === bytes.length) this.waiting.shift()
        else this.waiting[0] = bytes.subarray(written)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code
        if (code === 'EINTR') continue
        if (code === 'EAGAIN') this.retryLater()
        else this.fail(code)
        return
      }
    }
  }

  private overflow(text: string): void {
    lose(text, 'full')
    const why = 'its reader is slower than the log and 16 MiB are waiting'
    reportOnce(`fd${this.fd} full`, `log lines for descriptor ${this.fd} are dropped: ${why}.`)
  }

  private retryLater(): void {
    if (this.scheduled) return
    this.scheduled = true
    setTimeout(() => {
      this.scheduled = false
      this.flush()
    }, retryMs)
  }

  private fail(code: string | undefined): void {
    const lost = Buffer.concat(this.waiting).toString()
    this.waiting = []
    this.waitingBytes = 0
    // A full disk may have room again for the next lines; a closed pipe stays closed.
    this.broken = code === 'EPIPE' || code === 'EBADF'
    // What comes after a line that was cut must not become a part of it.
    if (this.torn && !this.broken) this.text = '\n'
    // A newline in front only ends such a line: it is none of its own.
    lose(lost.replace(/^\n/, ''), code === 'ENOSPC' ? 'disk_full' : 'closed')
    reportOnce(
      `fd${this.fd}${code}`,
      `log lines can't be written to descriptor ${this.fd} (${code}) and are dropped.`,
    )
  }
}

function lose(text: string, reason: string): void {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  dropped('log', reason, lines)
}
