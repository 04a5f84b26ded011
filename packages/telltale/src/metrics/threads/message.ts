import type { Definition } from '../definition.js'

/** What a worker thread tells of its stores; `from` is its thread id, `store` a number of its own. */
export type ThreadMessage = readonly [from: number, ...Told]

export type Told =
  | readonly [kind: 'store', store: number, definition: Definition, width: number]
  /** `generations` counts for each series how often its place was given up. */
  | readonly [
      kind: 'chunk',
      store: number,
      values: Float64Array<SharedArrayBuffer>,
      generations: Int32Array<SharedArrayBuffer>,
    ]
  | readonly [kind: 'series', store: number, slot: number, generation: number, labels: string]
  | readonly [kind: 'gone', store: number, slot: number]
  /** From here on the store is that thread's alone. */
  | readonly [kind: 'withdrawn', store: number]
  | readonly [kind: 'exit']

export const channelOf = (threadId: number): string => `telltale:metrics:${threadId}`

export function isThreadMessage(message: unknown): message is ThreadMessage {
  if (!Array.isArray(message)) return false
  const [from, kind, store, a, b, c] = message as readonly unknown[]
  if (typeof from !== 'number') return false
  if (kind === 'exit') return true
  if (typeof store !== 'number') return false
  if (kind === 'withdrawn') return true
  if (kind === 'store') return typeof a === 'object' && a !== null && typeof b === 'number'
  if (kind === 'chunk') return a instanceof Float64Array && b instanceof Int32Array
  if (kind === 'series') return isIndex(a) && isIndex(b) && typeof c === 'string'
  return kind === 'gone' && isIndex(a)
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
