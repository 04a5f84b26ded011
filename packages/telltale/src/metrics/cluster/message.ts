import type { Definition } from '../definition.js'

/** A number that JSON has none for is sent as its text. */
export type Sent = number | string

/** Series of one metric that changed, by their labels, and those that are gone. */
export interface Change {
  readonly definition: Definition
  readonly width: number
  readonly series: readonly (readonly [labels: string, ...numbers: Sent[]])[]
  readonly gone: readonly string[]
}

export type ClusterMessage = { readonly telltale: 'metrics' } &
  /** A worker takes messages from here on: what it was asked before is to be asked again. Its id is 0. */
  (
    | { readonly kind: 'started'; readonly id: number }
    | { readonly kind: 'ask'; readonly id: number }
    | { readonly kind: 'changed'; readonly changes: readonly Change[] }
    | { readonly kind: 'answered'; readonly id: number }
    | {
        readonly kind: 'render'
        readonly id: number
        readonly accept?: string | undefined
        readonly acceptEncoding?: string | undefined
        readonly names?: readonly string[] | undefined
      }
    | {
        readonly kind: 'rendered'
        readonly id: number
        readonly contentType: string
        readonly contentEncoding?: 'gzip' | undefined
        /** Base64. */
        readonly piece: string
        readonly isLast: boolean
      }
    | { readonly kind: 'failed'; readonly id: number; readonly why: string }
  )

export const maxSeriesInMessage = 1000
const maxLabels = 65_536
const maxWidth = 4096

/** Whether a message is one of ours, of the right shape; others' are left alone. */
export function isClusterMessage(message: unknown): message is ClusterMessage {
  if (!isRecord(message) || message['telltale'] !== 'metrics') return false
  const { kind, id } = message
  if (kind === 'changed') return Array.isArray(message['changes']) && message['changes'].every(isChange)
  if (!Number.isSafeInteger(id)) return false
  if (kind === 'started' || kind === 'ask' || kind === 'answered') return true
  if (kind === 'render') {
    const { accept, acceptEncoding, names } = message
    return isOptionalText(accept) && isOptionalText(acceptEncoding) && (names === undefined || isTexts(names))
  }
  if (kind === 'failed') return isText(message['why'])
  const { contentType, piece, isLast } = message
  return kind === 'rendered' && isText(contentType) && isText(piece) && typeof isLast === 'boolean'
}

function isChange(change: unknown): change is Change {
  if (!isRecord(change) || !isRecord(change['definition'])) return false
  const { definition, width, series, gone } = change
  const { type, name, help, labels } = definition as Record<string, unknown>
  return (
    isText(type) &&
    ['counter', 'gauge', 'histogram', 'summary'].includes(type) &&
    isText(name) &&
    isText(help) &&
    Array.isArray(labels) &&
    labels.every((label) => isRecord(label) && isText(label['name'])) &&
    Number.isSafeInteger(width) &&
    (width as number) >= 1 &&
    (width as number) <= maxWidth &&
    isTexts(gone) &&
    Array.isArray(series) &&
    series.length <= maxSeriesInMessage &&
    series.every((one) => isSeries(one, width as number))
  )
}

function isSeries(one: unknown, width: number): boolean {
  if (!Array.isArray(one) || one.length !== width + 1) return false
  const [labels, ...numbers] = one as readonly unknown[]
  return (
    isText(labels) && labels.length <= maxLabels && numbers.every((n) => isText(n) || typeof n === 'number')
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value)
