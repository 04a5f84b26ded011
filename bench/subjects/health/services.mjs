import { once } from 'node:events'
import { createServer } from 'node:http'

/** What stands for eight dependencies that are well: each answers in a microtask. */
const dependencies = Array.from({ length: 8 }, (_, index) => `dependency_${index + 1}`)
const isWell = async () => ({ rows: [1] })

let served = 0
/** The requests that came so far. */
export const answered = () => served

function empty(_req, res) {
  res.setHeader('content-type', 'application/json; charset=utf-8')
  res.setHeader('content-length', 2)
  res.end('{}')
}

const openers = {
  async bare() {
    return createServer(empty)
  },
  /** With its defaults. `checks`: what it checks, by name, each with its options. */
  async telltale({ checks = dependencies.map((name) => [name, isWell, {}]) } = {}) {
    const { health, setup } = await import('telltale')
    const { observeHttp } = await import('telltale/http')
    setup({ service: 'assessments', version: '1.4.0' })
    for (const check of checks) health.check(...check)
    return createServer(observeHttp(empty))
  },
  /** As its README has it: one function for each path, which asks all that it depends on at each probe. */
  async terminus() {
    const { createTerminus } = await import('@godaddy/terminus')
    const ready = async () => {
      const answers = await Promise.all(dependencies.map(async (name) => [name, await isWell()]))
      return Object.fromEntries(answers.map(([name]) => [name, 'ok']))
    }
    const healthChecks = { '/health': async () => {}, '/health/ready': ready }
    return createTerminus(createServer(empty), { healthChecks })
  },
}

export const services = Object.keys(openers)

/** Opens one service in this process; resolves to the port that it listens on. */
export async function openService(name, options) {
  const server = await openers[name](options)
  server.on('request', () => served++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}
