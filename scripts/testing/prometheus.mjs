// A real Prometheus server for tests. Types and use in prometheus.d.mts.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findBinary } from './binaries.mjs'
import { freePort } from './free-port.mjs'

export const prometheusBinary = { name: 'prometheus', install: 'apt-get install prometheus' }
export const promtoolBinary = { name: 'promtool', install: 'apt-get install prometheus' }

const leash = fileURLToPath(new URL('leash.mjs', import.meta.url))
const startDeadlineMs = 30_000
const queryDeadlineMs = 10_000
const portTries = 3

export async function startPrometheus({ config, features = [] }) {
  const program = findBinary(prometheusBinary.name)
  if (program === undefined) throw new Error(`prometheus is not installed: ${prometheusBinary.install}`)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(program, config, features, await freePort())
    } catch (error) {
      if (attempt === portTries || !/address already in use/.test(error.message)) throw error
    }
  }
}

async function startServer(program, config, features, port) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-prometheus-'))
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
    ...(features.length > 0 ? [`--enable-feature=${features.join(',')}`] : []),
  ]
  const child = spawn(process.execPath, [leash, folder, program, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  const closed = once(child, 'close')
  const stop = async () => {
    child.stdin.destroy()
    await closed
  }

  const url = `http://127.0.0.1:${port}`
  const deadline = performance.now() + startDeadlineMs
  while (child.exitCode === null) {
    if (await isReady(url)) return { url, ...questions(url), stop }
    if (performance.now() > deadline) {
      await stop()
      throw new Error(`prometheus was not ready within ${startDeadlineMs} ms:\n${said}`)
    }
    await wait(20)
  }
  await closed
  throw new Error(`prometheus ended before it was ready:\n${said}`)
}

async function isReady(url) {
  try {
    const answer = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

function questions(url) {
  const ask = async (path, parameters) => {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`, {
      signal: AbortSignal.timeout(queryDeadlineMs),
    })
    const { data, error } = await answer.json()
    if (error !== undefined)
      throw new Error(`prometheus refused ${path} ${JSON.stringify(parameters)}: ${error}`)
    return data
  }
  return {
    ask,
    async query(expr, time) {
      const { resultType, result } = await ask('query', { query: expr, ...(time !== undefined && { time }) })
      if (resultType === 'scalar') return [{ labels: {}, time: result[0], value: numberOf(result[1]) }]
      if (resultType !== 'vector')
        throw new Error(`${expr} is no instant vector but a ${resultType}: ask samples().`)
      return result.map(({ metric: labels, value, histogram }) =>
        histogram === undefined
          ? { labels, time: value[0], value: numberOf(value[1]) }
          : { labels, time: histogram[0], histogram: histogram[1] },
      )
    },
    async samples(selector, range, time) {
      const query = { query: `${selector}[${range}]`, ...(time !== undefined && { time }) }
      const { result } = await ask('query', query)
      return result.map(({ metric: labels, values = [], histograms = [] }) => ({
        labels,
        values: values.map(([at, value]) => ({ time: at, value: numberOf(value) })),
        histograms: histograms.map(([at, histogram]) => ({ time: at, histogram })),
      }))
    },
    async queryExemplars(selector, start, end) {
      const found = await ask('query_exemplars', { query: selector, start, end })
      return found.map(({ seriesLabels, exemplars }) => ({
        series: seriesLabels,
        exemplars: exemplars.map(({ labels, value, timestamp }) => ({
          labels,
          value: numberOf(value),
          time: timestamp,
        })),
      }))
    },
  }
}

function numberOf(text) {
  if (text === '+Inf') return Infinity
  return text === '-Inf' ? -Infinity : Number(text)
}
