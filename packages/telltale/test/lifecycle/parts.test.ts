import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges } from '../../src/http/inflight.js'
import { flow, onShutdown } from '../../src/index.js'
import { addExit } from '../../src/lifecycle/exits.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'

test('a part of the drain that fails is named, and all that follow go on', async () => {
  const said: string[] = []
  const log = new Capture({ lifecycle: { drainTimeoutMs: 100 } })
  onShutdown('pool', () => said.push('pool'))
  const takeBack = addExit({
    async flush() {
      said.push('flush')
    },
    close: () => void said.push('close'),
  })
  const server = createServer(observeHttp(() => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const closed = new Promise((resolve) => server.once('close', resolve))
  const failed = ask((server.address() as AddressInfo).port, '/held').catch((error: Error) => error)
  await until('it is open', () => openExchanges().size === 1)
  void flow('retake', () => new Promise(() => undefined))
  const [exchange] = openExchanges()
  const cutShort = exchange!.cutShort.bind(exchange)
  exchange!.cutShort = () => {
    throw new Error('no end')
  }
  await log.telltale.shutdown()
  expect(log.one('shutdown_completed')).toMatchObject({
    level: 'warning',
    cut: ['drain open requests', expect.stringMatching(/^flow retake-/)],
  })
  expect(said.slice(0, 2)).toEqual(['pool', 'flush'])
  expect(said.at(-1)).toBe('close')
  expect(await failed).toBeInstanceOf(Error)
  await closed
  takeBack()
  cutShort()
})
