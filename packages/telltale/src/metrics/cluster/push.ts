import type { Family } from '../family.js'
import { seriesOf } from '../parts/series.js'
import { type Change, maxSeriesInMessage, type Sent } from './message.js'

/** What this process has told of its metrics, so that only what changed is told again. */
export class Pushed {
  readonly #told = new Map<string, Map<string, Float64Array>>();

  /**
   * Gives `send` what changed since, in pieces, and pauses between series; of a family that failed, that its series are
   * gone. Values are whole, so that one told twice does no harm.
   */
  *changes(families: readonly Family[], send: (changes: readonly Change[]) => void): Generator<void> {
    let changes: Change[] = []
    let room = maxSeriesInMessage
    const flush = (): void => {
      if (changes.length > 0) send(changes)
      changes = []
      room = maxSeriesInMessage
    }
    for (const { definition, store, hasFailed } of families) {
      const source = seriesOf(definition, store)
      const { name } = definition
      const before = this.#told.get(name) ?? new Map<string, Float64Array>()
      const now = new Map<string, Float64Array>()
      this.#told.set(name, now)
      const numbers = new Float64Array(source.width)
      let series: [string, ...Sent[]][] = []
      const close = (gone: string[]): void => {
        if (series.length + gone.length === 0) return
        changes.push({ definition, width: source.width, series, gone })
        series = []
        room -= 1
      }
      source.hold()
      try {
        for (let slot = 0; slot < (hasFailed === true ? 0 : source.count); slot++) {
          const labels = source.read(slot, numbers)
          if (labels === undefined || Number.isNaN(numbers[0])) continue
          const told = before.get(labels)
          before.delete(labels)
          if (told !== undefined && told.every((number, i) => number === numbers[i])) now.set(labels, told)
          else {
            now.set(labels, numbers.slice())
            series.push([labels, ...Array.from(numbers, sent)])
            room -= 1
          }
          if (room <= 0) {
            close([])
            flush()
          }
          if (slot % 64 === 0) yield
        }
      } finally {
        source.release()
      }
      close([...before.keys()])
    }
    flush()
  }
}

const sent = (number: number): Sent => (Number.isFinite(number) ? number : String(number))
