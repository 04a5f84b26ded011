// What others make of an exposition. Types and use in openmetrics.d.mts.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findBinary } from './binaries.mjs'
import { promtoolBinary } from './prometheus.mjs'

const script = fileURLToPath(new URL('openmetrics.py', import.meta.url))
const moduleName = 'prometheus_client.openmetrics.parser'

/** @type {string | undefined | null} Null until looked for. */
let python = null

export const openMetricsParser = {
  name: 'python3-prometheus-client',
  install: 'apt-get install python3-prometheus-client',
  find: () => (python === null ? (python = pythonWithParser()) : python),
}

export function parseOpenMetrics(text) {
  const file = openMetricsParser.find()
  if (file === undefined)
    throw new Error(`${openMetricsParser.name} is not installed: ${openMetricsParser.install}`)
  const { status, stdout, stderr, error } = run(file, [script], text)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`The OpenMetrics parser refuses it: ${stderr.trim().slice(0, 4000)}`)
  return JSON.parse(stdout).map((family) => ({ ...family, samples: family.samples.map(sampleOf) }))
}

export function lintMetrics(text) {
  const file = findBinary(promtoolBinary.name)
  if (file === undefined) throw new Error(`promtool is not installed: ${promtoolBinary.install}`)
  const { status, stdout, stderr, error } = run(file, ['check', 'metrics'], text)
  if (error !== undefined) throw error
  const said = (stdout + stderr).trim()
  return status === 0 && said === '' ? '' : `exit code ${status}\n${said}`
}

function sampleOf({ name, labels, value, time, exemplar }) {
  return {
    name,
    labels,
    value: numberOf(value),
    ...(time !== null && { time: numberOf(time) }),
    ...(exemplar !== null && {
      exemplar: {
        labels: exemplar.labels,
        value: numberOf(exemplar.value),
        ...(exemplar.time !== null && { time: numberOf(exemplar.time) }),
      },
    }),
  }
}

/** Debian's package is for Debian's own Python, which need not be the first in PATH. */
function pythonWithParser() {
  const files = ['/usr/bin/python3', findBinary('python3')].filter((file) => file !== undefined)
  return files.find((file) => run(file, ['-c', `import ${moduleName}`], '').status === 0)
}

function run(file, args, input) {
  return spawnSync(file, args, { input, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024, timeout: 60_000 })
}

/** Python's repr of a float. */
function numberOf(text) {
  if (text === 'inf') return Infinity
  return text === '-inf' ? -Infinity : Number(text)
}
