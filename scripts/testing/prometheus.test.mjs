import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { requireBinary } from './binaries.mjs'
import { prometheusBinary, startPrometheus } from './prometheus.mjs'

test('a real Prometheus scrapes, answers and is removed', async () => {
  requireBinary(prometheusBinary)
  const app = createServer((_req, res) => {
    res.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    res.end('# TYPE a counter\na_total{b="\\"c\\""} 3.5 # {trace_id="t"} 2\n# EOF\n')
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const prometheus = await startPrometheus({
    config: {
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [
        { job_name: 'app', static_configs: [{ targets: [`127.0.0.1:${app.address().port}`] }] },
      ],
    },
    features: ['exemplar-storage'],
  })
  try {
    const [{ labels, value, time }] = await until(() => prometheus.query('a_total'))
    expect(labels).toMatchObject({ __name__: 'a_total', job: 'app', b: '"c"' })
    expect(value).toBe(3.5)
    expect(await prometheus.query('1 / 0')).toMatchObject([{ labels: {}, value: Infinity }])
    const [{ values }] = await prometheus.samples('a_total', '1m', time)
    expect(values[0].value).toBe(3.5)
    const [{ exemplars }] = await prometheus.queryExemplars('a_total', time - 60, time + 60)
    expect(exemplars).toMatchObject([{ labels: { trace_id: 't' }, value: 2 }])
    await expect(prometheus.query('rate(')).rejects.toThrow('refused query {"query":"rate("}: ')
    await expect(prometheus.query('a_total[1m]')).rejects.toThrow('is no instant vector but a matrix')

    await prometheus.stop()
    await expect(fetch(prometheus.url)).rejects.toThrow()
    await prometheus.stop()
  } finally {
    await prometheus.stop()
    app.close()
  }
})

test("a configuration that Prometheus refuses is an error in Prometheus' words", async () => {
  requireBinary(prometheusBinary)
  await expect(startPrometheus({ config: { nonsense: 1 } })).rejects.toThrow('field nonsense not found')
})

test('a killed starter takes its Prometheus and the data along', async () => {
  requireBinary(prometheusBinary)
  const starter = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { startPrometheus } from ${JSON.stringify(new URL('prometheus.mjs', import.meta.url).href)}
       const { url, ask } = await startPrometheus({ config: {} })
       const flags = await ask('status/flags')
       console.log(JSON.stringify({ url, data: flags['storage.tsdb.path'] }))
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: starter.stdout })
  const [line] = await once(lines, 'line')
  const { url, data } = JSON.parse(line)
  expect((await fetch(`${url}/-/ready`)).status).toBe(200)
  expect(existsSync(data)).toBe(true)
  starter.kill('SIGKILL')
  await until(async () => !(await isUp(url)) && !existsSync(data) && [true])
})

async function isUp(url) {
  return fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    (error) => error.name === 'TimeoutError',
  )
}

/** The answer, when it is a list that holds something. */
async function until(ask) {
  const deadline = performance.now() + 20_000
  for (;;) {
    const answer = await ask()
    if (answer.length > 0) return answer
    if (performance.now() > deadline) throw new Error('Not within 20 s.')
    await wait(20)
  }
}
