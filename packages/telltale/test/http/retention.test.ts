import { createServer, type IncomingMessage } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let out: Capture
afterEach(() => out.telltale.shutdown())

test('a timer that outlives its request does not keep request and response in memory', async () => {
  out = new Capture()
  const requests: WeakRef<IncomingMessage>[] = []
  const timers: NodeJS.Timeout[] = []
  const idle = (): void => undefined
  const server = createServer(
    observeHttp((req, res) => {
      requests.push(new WeakRef(req))
      timers.push(setInterval(idle, 60_000))
      res.end('ok')
    }),
  )
  const { port, close } = await listening(server)
  for (let i = 0; i < 20; i++) await ask(port, '/')
  await out.ended(20)
  await close()
  await until('most requests are collected', () => {
    collect()
    return requests.filter((each) => each.deref() !== undefined).length <= 2
  })
  for (const timer of timers) clearInterval(timer)
})
