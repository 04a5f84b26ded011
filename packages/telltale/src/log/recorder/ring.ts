import type { Scope } from '../../context/scope.js'
import { dropped } from '../../self/dropped.js'
import { slot } from '../../state/state.js'
import type { Source } from '../source.js'
import type { Kept } from './keep.js'

export interface RecorderOptions {
  /** Events kept a request; default 64. */
  readonly size?: number
  /** Bytes kept a request, about; default 256 KiB. */
  readonly maxRequestBytes?: number
  /** Bytes kept for all requests, about; default 16 MiB. */
  readonly maxProcessBytes?: number
}

interface Recorder {
  on: boolean
  size: number
  maxRequestBytes: number
  maxProcessBytes: number
  /** What all rings hold now. */
  bytes: number
}

export const recorder = slot<Recorder>('log.recorder', () => ({
  on: true,
  size: 64,
  maxRequestBytes: 256 * 1024,
  maxProcessBytes: 16 * 1024 * 1024,
  bytes: 0,
}))

/** An event that was not written, as a bounded copy. */
export interface Unwritten {
  readonly scope: Scope
  readonly source: Source
  readonly level: number
  /** By `performance.now()`: the time of day is worked out for those that are written. */
  readonly at: number
  readonly event: string
  readonly kept: Kept
}

// What an event takes beside its text.
const overhead = 200

/** The recent events of one request, oldest first: written ones as their line, the others as copies. */
export class Ring {
  private readonly events: (string | Unwritten | undefined)[] = []
  private first = 0
  private count = 0
  private bytes = 0
  private closed = false
  // Of this ring for good: setup() may change the option meanwhile.
  private readonly size = recorder.size
  /** Unwritten events that had to make room. */
  lost = 0

  add(event: string | Unwritten): void {
    if (this.closed) return
    const size = sizeOf(event)
    while (this.count > 0 && !this.fits(size)) this.shift()
    if (!this.fits(size)) {
      if (typeof event !== 'string') this.lost++
      return
    }
    this.events[(this.first + this.count++) % this.size] = event
    this.bytes += size
    recorder.bytes += size
  }

  /** What is in it, oldest first. */
  list(): (string | Unwritten)[] {
    return Array.from({ length: this.count }, (_, index) => this.events[(this.first + index) % this.size]!)
  }

  /** Turns each event that was not written into the line that `write` returns, oldest first. */
  writeAll(write: (event: Unwritten) => string): void {
    for (let index = 0; index < this.count; index++) {
      const at = (this.first + index) % this.size
      const event = this.events[at]!
      if (typeof event === 'string') continue
      const line = write(event)
      this.events[at] = line
      const more = sizeOf(line) - sizeOf(event)
      this.bytes += more
      recorder.bytes += more
    }
  }

  /** The request is over: its events are let go, and none is kept any more. */
  close(): void {
    this.clear()
    this.closed = true
    if (this.lost > 0) dropped('log', 'recorder', this.lost)
    this.lost = 0
  }

  private fits(size: number): boolean {
    return (
      this.count < this.size &&
      this.bytes + size <= recorder.maxRequestBytes &&
      recorder.bytes + size <= recorder.maxProcessBytes
    )
  }

  private shift(): void {
    const event = this.events[this.first]!
    this.events[this.first] = undefined
    this.first = (this.first + 1) % this.size
    this.count--
    const size = sizeOf(event)
    this.bytes -= size
    recorder.bytes -= size
    if (typeof event !== 'string') this.lost++
  }

  private clear(): void {
    this.events.length = 0
    this.first = 0
    this.count = 0
    recorder.bytes -= this.bytes
    this.bytes = 0
  }
}

function sizeOf(event: string | Unwritten): number {
  return overhead + (typeof event === 'string' ? event.length : event.kept.size + event.event.length)
}
