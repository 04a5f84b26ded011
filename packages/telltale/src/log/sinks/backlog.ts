import { levels } from '../levels.js'

/** Bytes of one level, to be written whole. */
export interface Piece {
  readonly level: number
  readonly bytes: Buffer
  /** Events in it. */
  readonly events: number
}

interface Waiting extends Piece {
  readonly order: number
}

// What a piece costs beside its bytes, a buffer of its own among it.
const overhead = 640

/**
 * What a destination does not take yet: at most so many bytes, oldest first. Where there is no room, what was kept last
 * of the lowest level makes room for what is higher; so what stays is the beginning of the gap, and what matters.
 */
export class Backlog {
  bytes = 0
  private order = 0
  private readonly byLevel: (Waiting | undefined)[][] = levels.map(() => [])
  private readonly bytesOf: number[] = levels.map(() => 0)
  private readonly heads: number[] = levels.map(() => 0)
  /**
   * The highest level of which something had to go: nothing up to it is taken before half of the bound is free. So
   * there is one gap and not many, and what one makes room for is not filled up by the next.
   */
  private refused = -1
  /** Events dropped, by level, since the last `takeLost`. */
  private lost: number[] = levels.map(() => 0)

  /** Returns the number of events that had to go, those of `piece` perhaps. */
  push(piece: Piece, max: number): number {
    if (!this.hasRoom(piece.bytes.length, piece.level, max)) return this.lose(piece)
    const size = piece.bytes.length + overhead
    const gone = this.makeRoom(size, piece.level, max)
    this.byLevel[piece.level]!.push({ ...piece, order: this.order++ })
    this.add(size, piece.level)
    return gone
  }

  /** Whether something of so many bytes could be kept, lower levels perhaps making room. */
  hasRoom(size: number, level: number, max: number): boolean {
    if (this.bytes * 2 <= max) this.refused = -1
    if (level <= this.refused) return false
    let bytes = this.bytes + size + overhead
    for (let lower = 0; lower < level && bytes > max; lower++) bytes -= this.bytesOf[lower]!
    return bytes <= max
  }

  /** The oldest piece, taken off. */
  shift(): Piece | undefined {
    let oldest: Waiting | undefined
    for (let level = 0; level < levels.length; level++) {
      const first = this.byLevel[level]![this.heads[level]!]
      if (first !== undefined && (oldest === undefined || first.order < oldest.order)) oldest = first
    }
    if (oldest === undefined) return undefined
    const queue = this.byLevel[oldest.level]!
    queue[this.heads[oldest.level]!] = undefined
    const head = ++this.heads[oldest.level]!
    // Given back in parts: an array's shift() moves all that follow.
    if (head > 1000 && head * 2 > queue.length) {
      queue.splice(0, head)
      this.heads[oldest.level] = 0
    }
    this.add(-oldest.bytes.length - overhead, oldest.level)
    return oldest
  }

  /** Counts a piece as dropped. */
  lose({ level, events }: Omit<Piece, 'bytes'>): number {
    this.lost[level]! += events
    this.refused = Math.max(this.refused, level)
    return events
  }

  /** Drops everything; returns the number of events. */
  clear(): number {
    let gone = 0
    for (let piece = this.shift(); piece !== undefined; piece = this.shift()) gone += this.lose(piece)
    return gone
  }

  /** What was dropped since the last call, by level's name, and starts counting anew; undefined for nothing. */
  takeLost(): Record<string, number> | undefined {
    const counts = levels.map((name, level) => [name, this.lost[level]!] as const).filter(([, n]) => n > 0)
    if (counts.length === 0) return undefined
    this.lost = levels.map(() => 0)
    return Object.fromEntries(counts)
  }

  private add(size: number, level: number): void {
    this.bytes += size
    this.bytesOf[level]! += size
  }

  private makeRoom(size: number, level: number, max: number): number {
    let gone = 0
    for (let lower = 0; lower < level; lower++) {
      const queue = this.byLevel[lower]!
      while (this.bytes + size > max && queue.length > this.heads[lower]!) {
        const last = queue.pop()!
        this.add(-last.bytes.length - overhead, lower)
        gone += this.lose(last)
      }
    }
    return gone
  }
}
