import { BroadcastChannel, threadId } from 'node:worker_threads'
import { type Level, levelNumber, levels } from '../levels.js'
import { ending } from '../sinks/ending.js'
import { lostLines } from '../sinks/lost.js'
import { bounds } from '../sinks/patience.js'
import type { Sink } from '../sinks/sink.js'
import { channelOf, droppedAt, pendingAt, shareOf, slotOf } from './shared.js'

const retryMs = 2
const recheckMs = 50
// A thread that listens does so before this one runs, save that it was stopped in between by the system.
const maxUnheardMs = 100
// The share of the bound that lines of a level may fill: the lowest find no room first.
const shares = [0.7, 0.8, 0.9, 1, 1]
// Of the bound: below it the other thread has caught up.
const recovered = 0.5

/**
 * A worker thread's lines, handed to the thread that writes, those of one turn together. What that thread has not yet
 * taken is bounded for all workers that it started together. Where nobody listens they wait a moment, then go to `otherwise`.
 */
export class HandOver implements Sink {
  private batch: (string | number)[] = []
  private chars = 0
  private scheduled = false
  private heard = false
  private unheardSince: number | undefined
  private rechecking = false
  private lost = levels.map(() => 0)
  private readonly channel = new BroadcastChannel(channelOf(threadId))
  private readonly cells: Int32Array

  constructor(
    cells: SharedArrayBuffer,
    private readonly otherwise: () => Sink,
  ) {
    this.cells = new Int32Array(cells)
    ;(this.channel as unknown as { unref(): void }).unref()
  }

  write(text: string, level: Level): void {
    const number = levelNumber(level)!
    if (this.pending + text.length > bounds.maxBufferBytes * shares[number]!) {
      this.lost[number]!++
      Atomics.add(this.cells, droppedAt, 1)
      this.recheck()
      return
    }
    this.batch.push(text, number)
    this.chars += text.length
    if (ending.idle) this.flush()
    else if (!this.scheduled) this.schedule()
  }

  flush(): void {
    if (this.batch.length === 0) return
    if (!this.isHeard) return this.wait()
    this.post()
    if (this.pending < bounds.maxBufferBytes * recovered) this.sayWhatWasLost()
  }

  flushAndWait(): void {
    if (!this.isHeard) this.waitToBeHeard()
    this.sayWhatWasLost()
    if (!this.isHeard) this.writeMyself('flushAndWait')
    else if (this.batch.length > 0) this.post()
  }

  private get pending(): number {
    return Atomics.load(this.cells, pendingAt) + this.chars
  }

  private post(): void {
    const { batch, chars } = this
    this.batch = []
    this.chars = 0
    Atomics.add(this.cells, shareOf(threadId), chars)
    Atomics.add(this.cells, pendingAt, chars)
    this.channel.postMessage(batch)
  }

  private wait(): void {
    if (this.unheardMs > maxUnheardMs) return this.writeMyself('flush')
    if (this.scheduled) return
    this.scheduled = true
    setTimeout(() => this.turn(), retryMs)
  }

  private waitToBeHeard(): void {
    const at = slotOf(threadId)
    const mark = Atomics.load(this.cells, at)
    const left = maxUnheardMs - this.unheardMs
    if (mark !== threadId && left > 0) Atomics.wait(this.cells, at, mark, left)
  }

  private writeMyself(act: 'flush' | 'flushAndWait'): void {
    const sink = this.otherwise()
    for (let i = 0; i < this.batch.length; i += 2)
      sink.write(this.batch[i] as string, levels[this.batch[i + 1] as number]!)
    this.batch = []
    this.chars = 0
    sink[act]?.()
  }

  private get unheardMs(): number {
    this.unheardSince ??= performance.now()
    return performance.now() - this.unheardSince
  }

  /** Once heard always heard: another thread's mark takes the place of this one's after a thousand threads. */
  private get isHeard(): boolean {
    return (this.heard ||= Atomics.load(this.cells, slotOf(threadId)) === threadId)
  }

  private schedule(): void {
    this.scheduled = true
    setImmediate(() => this.turn())
  }

  private turn(): void {
    this.scheduled = false
    this.flush()
  }

  /** The other thread may catch up when this one has nothing more to say. */
  private recheck(): void {
    if (this.rechecking) return
    this.rechecking = true
    setTimeout(() => {
      this.rechecking = false
      if (this.pending < bounds.maxBufferBytes * recovered) this.sayWhatWasLost()
      else this.recheck()
    }, recheckMs).unref()
  }

  private sayWhatWasLost(): void {
    const counts = levels.map((name, level) => [name, this.lost[level]!] as const).filter(([, n]) => n > 0)
    if (counts.length === 0) return
    this.lost = levels.map(() => 0)
    lostLines.tell('the writing thread', Object.fromEntries(counts))
  }
}
