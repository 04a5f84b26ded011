import { parse } from 'csv-parse/sync'
import { config } from '../config.js'
import { withTransaction } from '../lib/db.js'
import { childLogger } from '../lib/logger.js'
import { retry } from '../lib/retry.js'
import * as rates from '../repositories/tax-rates.js'

const log = childLogger('tax-rates')

type Row = { country: string; region?: string; percent: string; from: string }

export async function refreshTaxRates(): Promise<void> {
  if (!config.taxRatesUrl) {
    log.debug('no tax rate source configured')
    return //= return: no  logged
  }

  const text = await download(config.taxRatesUrl)
  if (text === undefined) return //= return: yes  rates stay old, download() is silent as well

  const rows: Row[] = parse(text, { columns: true, skip_empty_lines: true })
  if (rows.length < 10) {
    return //= return: yes  suspiciously short file is ignored without a word
  }

  await withTransaction(async (tx) => {
    for (const row of rows) {
      const percent = Number(row.percent)
      if (Number.isNaN(percent)) continue
      await rates.upsert(tx, { country: row.country, region: row.region ?? null, percent, validFrom: new Date(row.from) })
    }
  })
  log.info({ count: rows.length }, 'tax rates refreshed')
}

async function download(url: string): Promise<string | undefined> {
  try {
    const response = await retry(() => fetch(url, { signal: AbortSignal.timeout(10_000) }), { attempts: 3 })
    if (response.status === 304) return undefined //= return: no  not modified, a getter of remote data
    if (!response.ok) {
      throw new Error(`unexpected status ${response.status}`)
    }
    return await response.text() //= return: no  result
  } catch { //= catch: yes  download error vanishes, invoices are taxed by old rates
    return undefined //= return: no  the swallowed error is the finding
  }
}

export function rateFor(table: { country: string; region: string | null; percent: number }[], country: string, region?: string): number {
  const exact = table.find((rate) => rate.country === country && rate.region === region)
  if (exact) return exact.percent //= return: no  pure
  const national = table.find((rate) => rate.country === country && rate.region === null)
  return national?.percent ?? 0
}
