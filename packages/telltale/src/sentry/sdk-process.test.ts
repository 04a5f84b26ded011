import { expect, it } from 'vitest'
import { processNow, seeProcessing } from './sdk-process.js'

it('a client without that part is left as it is', () => {
  const client = { on: () => undefined }
  expect(seeProcessing(client as never, (_processing, process) => process())).toBeUndefined()
  expect(Object.keys(client)).toEqual(['on'])
})

it('a client is as it was before, whatever its hooks throw', () => {
  const methods = { getEventProcessors: () => [], emit: () => undefined, sendEnvelope: async () => ({}) }
  const client = { ...methods }
  const fail = (): never => {
    throw new Error('a hook')
  }
  expect(() => processNow(client as never, fail, {})).toThrow('a hook')
  expect(client).toEqual(methods)
})

it('what ends it takes back its own part alone', async () => {
  const process = async (): Promise<string> => 'processed'
  const client = { _processEvent: process }
  const stop = seeProcessing(client as never, (_processing, go) => go())!
  const seen = client._processEvent
  expect(await seen()).toBe('processed')
  const another = async (): Promise<string> => seen()
  client._processEvent = another
  stop()
  expect(client._processEvent).toBe(another)
  client._processEvent = seen
  stop()
  expect(client._processEvent).toBe(process)
})
