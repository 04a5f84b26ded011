import type { Exposition } from './expose/exposition.js'
import type { ScrapeOptions } from './expose/scrape-options.js'

/**
 * Every metric as a scraper asks for it: Prometheus text, OpenMetrics or protobuf, gzipped where it takes that. Metrics
 * are brought up to date first, within their timeouts, then written in slices of 3 ms that let the event loop turn.
 * Scrapes that ask for the same at once share one. What renders is loaded at the first one. Rejects with a TypeError for a wrong option, and in a cluster where the
 * primary is gone, so that no counter seems to fall.
 *
 * @example
 * const { contentType, chunks } = await renderMetrics({ accept: request.headers.get('accept') })
 * return new Response(new Blob([...chunks]), { headers: { 'content-type': contentType } })
 */
export async function renderMetrics(options: ScrapeOptions = {}): Promise<Exposition> {
  return (await import('./expose/scrape.js')).renderMetrics(options)
}
