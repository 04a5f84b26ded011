import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { compareWithScrape, underWay } from './compare.js'
import { parseScrape, type Sample } from './scrape.js'
import type { Telemetry } from './telemetry.js'

export interface Settled {
  /** The last scrape, as text and as samples. */
  text: string
  samples: Sample[]
  differences: string[]
}

const DEADLINE_MS = 15_000
const AGAIN_MS = 150

/**
 * Scrapes until nothing is under way and the log that was read says what the scrape says; past the deadline the last
 * differences stand. The pipe that brings the log and the scrape race each other: the first scrape may be ahead.
 */
export async function settle(serviceUrl: string, telemetry: Telemetry): Promise<Settled> {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const settled = await scrapeOnce(serviceUrl, telemetry)
    if (settled.differences.length === 0 || performance.now() > deadline) return settled
    await wait(AGAIN_MS)
  }
}

async function scrapeOnce(serviceUrl: string, telemetry: Telemetry): Promise<Settled> {
  try {
    const { status, text } = await fetchText(new URL('/metrics', serviceUrl))
    if (status !== 200) throw new Error(`it was answered ${status}`)
    const samples = parseScrape(text)
    const open = underWay(samples)
    const differences = compareWithScrape(telemetry, samples)
    if (open > 0) differences.unshift(`${open} requests and flows are still under way`)
    return { text, samples, differences }
  } catch (error) {
    return {
      text: '',
      samples: [],
      differences: [`/metrics could not be scraped: ${(error as Error).message}`],
    }
  }
}

/** A GET on a connection of its own, which is closed after it: an idle one would wait in the service's drain. */
export function fetchText(url: URL): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', reject)
  })
}
