// node bench/profile.mjs [SERVER] [SECONDS]: where a warm server's time goes under the benchmark's load.
import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from './harness/children.mjs'
import { between } from './harness/measured.mjs'
import { selfTimes } from './harness/self-times.mjs'
import { requests } from './subjects/request/requests.mjs'
import { requests as tracedRequests } from './subjects/tracing/handle.mjs'
import { startReceiver } from './subjects/tracing/processes.mjs'
import { services } from './subjects/tracing/services.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const requested = readdirSync(here('subjects/request')).flatMap(
  (file) => /^((?:fastify|express)-\w+)\.mjs$/.exec(file)?.[1] ?? [],
)
const traced = Object.keys(services).map((name) => `tracing-${name}`)
const [name = 'fastify-telltale', seconds = '4'] = process.argv.slice(2)
if (![...requested, ...traced].includes(name) || !(Number(seconds) > 0)) {
  process.stderr.write(
    `node bench/profile.mjs [SERVER] [SECONDS]\n\nServers: ${[...requested, ...traced].join(', ')}\n`,
  )
  process.exit(2)
}

const execArgv = ['--import', new URL('harness/profiler.mjs', import.meta.url).href]
const isTraced = traced.includes(name)
const { receiver, port: to } = isTraced ? await startReceiver() : {}
const server = isTraced
  ? startChild(
      here('subjects/tracing/service.mjs'),
      [name.slice('tracing-'.length), `http://127.0.0.1:${to}`, '0.1'],
      { execArgv },
    )
  : startChild(here(`subjects/request/${name}.mjs`), [], { execArgv })
const load = startChild(here('harness/load.mjs'))
const [{ port }] = await Promise.all([server.next(), load.next()])
await load.ask({ start: { port, connections: 16, requests: isTraced ? tracedRequests : requests } })
await pause(2500)
await server.ask('profile')
const start = await server.ask('mark')
await pause(Number(seconds) * 1000)
const end = await server.ask('mark')
const { profile } = await server.ask('profiled')
await Promise.all([load.stop(), server.stop(), receiver?.stop()])

const { operations, cpuMicros } = { operations: end.operations - start.operations, ...between(start, end) }
const { total, functions, places } = selfTimes(profile)
const line = ({ key, micros }) =>
  `${(micros / operations).toFixed(2).padStart(8)}  ${((100 * micros) / total).toFixed(1).padStart(5)} %  ${key}\n`
process.stdout.write(
  `${name}: ${operations} requests of ${cpuMicros.toFixed(1)} µs CPU, the profiler's own cost included\n` +
    `\n µs each  share  place\n${places.map(line).join('')}` +
    `\n µs each  share  function, self time\n${functions.slice(0, 60).map(line).join('')}`,
)
