// node bench/profile.mjs [SERVER] [SECONDS]: where a server's time goes while it is under the benchmark's load.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './harness/children.mjs'
import { selfTimes } from './harness/self-times.mjs'
import { requests } from './subjects/request/requests.mjs'

const folder = new URL('subjects/request/', import.meta.url).pathname
const servers = readdirSync(folder).flatMap(
  (file) => /^((?:fastify|express)-\w+)\.mjs$/.exec(file)?.[1] ?? [],
)
const [name = 'fastify-telltale', seconds = '4'] = process.argv.slice(2)
if (!servers.includes(name) || !(Number(seconds) > 0)) {
  process.stderr.write(`node bench/profile.mjs [SERVER] [SECONDS]\n\nServers: ${servers.join(', ')}\n`)
  process.exit(2)
}

const out = mkdtempSync(join(tmpdir(), 'telltale-profile-'))
const server = startChild(join(folder, `${name}.mjs`), [], {
  execArgv: ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${out}`],
})
const load = startChild(new URL('harness/load.mjs', import.meta.url).pathname)
const [{ port }] = await Promise.all([server.next(), load.next()])
await load.ask({ start: { port, connections: 16, requests } })
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
const { done } = await load.ask({ mark: true })
await load.stop()
// The profile is written when the process ends of itself: its channel says so.
await server.ask('exit').catch(() => undefined)
await server.stop('SIGTERM')

const [file] = readdirSync(out)
const { total, functions, places } = selfTimes(JSON.parse(readFileSync(join(out, file), 'utf8')))
rmSync(out, { recursive: true })
const line = (micros, text) =>
  `${(micros / done).toFixed(2).padStart(8)}  ${((100 * micros) / total).toFixed(1).padStart(5)} %  ${text}\n`
process.stdout.write(
  `${name}: ${done} requests in ${seconds} s, warm-up included\n\n µs each  share  place\n`,
)
for (const { key, micros } of places) process.stdout.write(line(micros, key))
process.stdout.write(`\n µs each  share  function\n`)
for (const { key, micros } of functions.slice(0, 60)) process.stdout.write(line(micros, key))
