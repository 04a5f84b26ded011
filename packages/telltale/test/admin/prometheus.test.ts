import { expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import { prometheusBinary, startPrometheus } from '../../../../scripts/testing/prometheus.mjs'
import { counter } from '../../src/index.js'
import { adminStarter } from '../support/admin.js'

const start = adminStarter()
counter('admin_scraped_total', { help: 'Counted.' }).inc(3)

describeWithBinary(prometheusBinary, 'a real Prometheus', () => {
  test('scrapes a listener that others reach without its token, and no event is written for it', async () => {
    const options = { port: 0, host: '0.0.0.0', token: 'S3cretAdm1nToken' }
    const admin = await start(options, { log: { level: 'info' } })
    const before = admin.log.lines.length
    const prometheus = await startPrometheus({
      config: {
        global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
        scrape_configs: [{ job_name: 'admin', static_configs: [{ targets: [`localhost:${admin.port}`] }] }],
      },
    })
    try {
      const scraped = async (): Promise<number> =>
        (await prometheus.query('count_over_time(admin_scraped_total[1m])'))[0]?.value ?? 0
      await expect.poll(scraped, { timeout: 30_000, interval: 200 }).toBeGreaterThan(3)
      expect((await prometheus.query('max_over_time(admin_scraped_total[1m])'))[0]?.value).toBe(3)
      expect(admin.log.lines).toHaveLength(before)
    } finally {
      await prometheus.stop()
    }
  })
})
