import { writeSync } from 'node:fs'
import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import type { Sink } from './sink.js'

const chunk = 16_384
const maxHeld = 16 * 1024 * 1024
const retryMs = 10
const exitWaitMs = 2000

const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Lines to a file descriptor: those of one event-loop turn go out together, 16 KiB at the latest. A full pipe keeps up
 * to 16 MiB waiting here; beyond that lines are dropped and counted. A closed pipe drops all, said once.
 */
export class FdSink implements Sink {
  private text = ''
  // Bytes that a full descriptor did not take, written before any text.
  private rest: Buffer | undefined
  private scheduled = false
  private broken = false

  constructor(private readonly fd: number) {}

  write(text: string): void {
    this.text += text
    if (this.text.length >= chunk) this.flush()
    else if (!this.scheduled) this.schedule()
  }

  flush(): void {
    if (this.text === '' && this.rest === undefined) return
    const next = this.text
    this.text = ''
    if (this.broken) return lose(next, 'closed')
    if (this.rest !== undefined && this.rest.length + next.length > maxHeld) {
      lose(next, 'full')
    } else if (next !== '') {
      const bytes = Buffer.from(next)
      this.rest = this.rest === undefined ? bytes : Buffer.concat([this.rest, bytes])
    }
    this.drain()
  }

  /** For the end of the process: waits for a full descriptor to take the rest, two seconds at most. */
  flushAndWait(): void {
    this.flush()
    const deadline = Date.now() + exitWaitMs
    while (this.rest !== undefined && Date.now() < deadline) {
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

  private drain(): void {
    while (this.rest !== undefined) {
      try {
        const written = writeSync(this.fd, this.rest)
        this.rest = written === this.rest.length ? undefined : this.rest.subarray(written)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code
        if (code === 'EINTR') continue
        if (code === 'EAGAIN') this.retryLater()
        else this.fail(code)
        return
      }
    }
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
    const rest = this.rest
    this.rest = undefined
    // A full disk may have room again for the next lines; a closed pipe stays closed.
    this.broken = code === 'EPIPE' || code === 'EBADF'
    lose(rest === undefined ? '' : rest.toString(), code === 'ENOSPC' ? 'disk_full' : 'closed')
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
