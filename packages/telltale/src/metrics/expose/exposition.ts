import { slot } from '../../state/state.js'
import type { Scrape } from './scrape-options.js'

/** The metrics as they are sent. */
export interface Exposition {
  readonly contentType: string
  readonly contentEncoding?: 'gzip'
  readonly chunks: readonly Uint8Array[]
}

/** In a process of a cluster: who renders the metrics of all; undefined where it does not answer. */
export const elsewhere = slot('metric-elsewhere', () => ({
  render: undefined as ((options: Scrape) => Promise<Exposition | undefined>) | undefined,
}))
