export interface ParsedFamily {
  /** OpenMetrics' own name of the family: without `_total` for a counter. */
  name: string
  type: string
  help: string
  unit: string
  samples: ParsedSample[]
}

export interface ParsedSample {
  name: string
  labels: Record<string, string>
  value: number
  /** Seconds since the epoch; there if the line has a timestamp. */
  time?: number
  exemplar?: { labels: Record<string, string>; value: number; time?: number }
}

/** The reference parser of OpenMetrics, in Python, for `requireBinary` and `describeWithBinary`. */
export const openMetricsParser: {
  name: 'python3-prometheus-client'
  install: string
  find: () => string | undefined
}

/**
 * OpenMetrics 1.0 text as the reference parser understands it. Throws with the parser's words where it refuses.
 * About 0.1 s a call, whatever the size: parse many values at once.
 */
export function parseOpenMetrics(text: string): ParsedFamily[]

/** What `promtool check metrics` says about text in the format 0.0.4: '' where it has nothing to object. */
export function lintMetrics(text: string): string
