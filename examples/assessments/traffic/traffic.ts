import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { generateTraffic } from './generate.js'
import { loopbackTarget } from './target.js'

// Entry of the traffic process: one JSON object a line on stdout, an exchange each, the report last. SIGTERM and
// SIGINT end it early, after the requests under way.

const usage =
  'usage: node traffic.js --url http://127.0.0.1:PORT [--seconds N] [--seed N] [--pace N] [--run ID]'

function readOptions() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      pace: { type: 'string', default: '1' },
      run: { type: 'string', default: randomBytes(4).toString('hex') },
    },
  })
  const number = (name: 'seconds' | 'seed' | 'pace', least: number): number | undefined => {
    const text = values[name]
    if (text === undefined) return undefined
    const value = Number(text)
    if (Number.isFinite(value) && value >= least) return value
    throw new Error(`traffic: --${name} must be a number from ${least} up, got ${JSON.stringify(text)}.`)
  }
  if (!/^[\w-]{1,32}$/.test(values.run)) throw new Error(`traffic: --run must match [\\w-]{1,32}.`)
  return {
    url: loopbackTarget(values.url ?? ''),
    seconds: number('seconds', 0.1),
    seed: number('seed', 0) ?? 1,
    pace: number('pace', 0.01) ?? 1,
    run: values.run,
  }
}

try {
  const { seconds, ...options } = readOptions()
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  const timer = seconds === undefined ? undefined : setTimeout(() => ending.abort(), seconds * 1_000)
  const emit = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  await generateTraffic({ ...options, signal: ending.signal, emit })
  clearTimeout(timer)
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  process.exitCode = 2
}
