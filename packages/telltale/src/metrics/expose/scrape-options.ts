import { given } from '../refusal.js'

/** What a scraper asks for. */
export interface ScrapeOptions {
  /** Its `Accept` header. Default: the text format. */
  readonly accept?: string | null | undefined
  /** Its `Accept-Encoding` header. */
  readonly acceptEncoding?: string | null | undefined
  /** Only the metrics of these names, of families or of samples, as `?name[]=` asks for. */
  readonly names?: readonly string[] | undefined
  /** How long the scraper waits in all, in milliseconds: what `collect` functions have is less. */
  readonly timeoutMs?: number | undefined
}

/** As asked for, a header that is not there being undefined. */
export interface Scrape extends ScrapeOptions {
  readonly accept?: string | undefined
  readonly acceptEncoding?: string | undefined
}

const isText = (value: unknown): boolean => value === null || typeof value === 'string'
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
const isDuration = (value: unknown): boolean => typeof value === 'number' && value > 0

const takes: Readonly<
  Record<keyof ScrapeOptions, readonly [isTaken: (value: unknown) => boolean, what: string]>
> = {
  accept: [isText, 'the text of an Accept header'],
  acceptEncoding: [isText, 'the text of an Accept-Encoding header'],
  names: [isTexts, "a list of metrics' names"],
  timeoutMs: [isDuration, 'a number of milliseconds above 0'],
}

/** The checked options. Throws a TypeError that names the one that is wrong. */
export function checkedScrape(options: unknown): Scrape {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`renderMetrics() takes an object like { accept }, got ${given(options)}.`)
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(takes, name))
      throw new TypeError(
        `renderMetrics(): ${name} is not an option; there are ${Object.keys(takes).join(', ')}.`,
      )
    const [isTaken, what] = takes[name as keyof ScrapeOptions]
    if (value !== undefined && !isTaken(value))
      throw new TypeError(`renderMetrics(): ${name} is ${what}, got ${given(value)}.`)
  }
  const { accept, acceptEncoding, ...others } = options as ScrapeOptions
  return { ...others, accept: accept ?? undefined, acceptEncoding: acceptEncoding ?? undefined }
}
