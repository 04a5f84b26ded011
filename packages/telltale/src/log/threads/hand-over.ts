import { BroadcastChannel, threadId } from 'node:worker_threads'
import { dropped } from '../../self/dropped.js'
import { type Level, levelNumber, levels } from '../levels.js'
import { lostLines } from '../sinks/lost.js'
import { bounds } from '../sinks/patience.js'
import type { Sink } from '../sinks/sink.js'
import { channelOf, slotOf } from './shared.js'

const retryMs = 2
// The other thread may be at work for longer than lines should wait.
const maxUnheardMs = 100
// The share of the bound that lines of a level may fill: the lowest find no room first.
const shares = [0.7, 0.8, 0.9, 1, 1]

/**
 * A worker thread's lines, handed to the thread that writes, those of one turn together. What that thread has not yet
 * taken is bounded for all workers together. Where nobody listens yet they wait a moment, then go to `otherwise`.
 */
export class HandOver implements Sink {
  private batch: (string | number)[] = []
  private chars = 0
  private scheduled = false
  private unheardSince: number | undefined
  private readonly lost = levels.map(() => 0)
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
    const pending = Atomics.load(this.cells, 0) + this.chars
    if (pending + text.length > bounds.maxBufferBytes * shares[number]!) {
      this.lost[number]!++
      dropped('log', 'full')
      return
    }
    this.batch.push(text, number)
    this.chars += text.length
    if (!this.scheduled) this.schedule()
  }

  flush(): void {
    if (this.batch.length === 0) return
    if (!this.isHeard) return this.wait()
    const { batch, chars } = this
    this.batch = []
    this.chars = 0
    Atomics.add(this.cells, 0, chars)
    this.channel.postMessage(batch)
    this.sayWhatWasLost()
  }

  flushAndWait(): void {
    if (this.isHeard) this.flush()
    else this.writeMyself('flushAndWait')
  }

  private wait(): void {
    this.unheardSince ??= performance.now()
    if (performance.now() - this.unheardSince > maxUnheardMs) return this.writeMyself('flush')
    if (this.scheduled) return
    this.scheduled = true
    setTimeout(() => this.turn(), retryMs)
  }

  private writeMyself(act: 'flush' | 'flushAndWait'): void {
    const sink = this.otherwise()
    for (let i = 0; i < this.batch.length; i += 2)
      sink.write(this.batch[i] as string, levels[this.batch[i + 1] as number]!)
    this.batch = []
    this.chars = 0
    sink[act]?.()
  }

  private get isHeard(): boolean {
    return Atomics.load(this.cells, slotOf(threadId)) === threadId
  }

  private schedule(): void {
    this.scheduled = true
    setImmediate(() => this.turn())
  }

  private turn(): void {
    this.scheduled = false
    this.flush()
  }

  private sayWhatWasLost(): void {
    const counts = levels.map((name, level) => [name, this.lost[level]!] as const).filter(([, n]) => n > 0)
    if (counts.length === 0) return
    this.lost.fill(0)
    lostLines.tell('the writing thread', Object.fromEntries(counts))
  }
}
