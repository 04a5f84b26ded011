import { expect, it } from 'vitest'
import { scrubEnvelope } from './sdk-envelope.js'
import type { SdkEnvelope } from './sdk.js'

it('literals as other systems escape them are no loophole', () => {
  const text = `select a from t where b = 'it\\'s C4nary'`
  const span = { op: 'db', description: text, data: { 'db.system': 'mysql', 'db.statement': text } }
  const envelope: [object, [object, unknown][]] = [{}, [[{ type: 'transaction' }, { spans: [span] }]]]
  scrubEnvelope(envelope as never, false)
  const shown = 'select a from t where b = ?…'
  expect(envelope[1][0]![1]).toMatchObject({
    spans: [{ description: shown, data: { 'db.statement': shown } }],
  })
})

it.each(['profile', 'profile_chunk'])('a profile goes through as it was taken: %s', (type) => {
  const profile = {
    version: '2',
    platform: 'node',
    profile: {
      samples: Array.from({ length: 3000 }, (_, index) => ({
        stack_id: index % 40,
        thread_id: '0',
        timestamp: 1_795_447_330.123_4 + index / 100,
      })),
      stacks: Array.from({ length: 40 }, (_, index) => [index, index + 1]),
      frames: Array.from({ length: 41 }, (_, index) => ({
        function: `charge${index}`,
        module: 'pay',
        abs_path: '/srv/app/dist/pay.js',
        lineno: index,
        in_app: true,
      })),
      thread_metadata: { 0: { name: 'main' } },
    },
    measurements: { cpu_usage: { unit: 'percent', values: [{ value: 12.5, timestamp: 1_795_447_330.1 }] } },
  }
  const envelope = [{}, [[{ type }, structuredClone(profile)]]] as unknown as SdkEnvelope
  scrubEnvelope(envelope, false)
  expect(envelope[1][0]![1]).toEqual(profile)
})

it('a half of a surrogate pair is U+FFFD: the server refuses what is no UTF-8', () => {
  const event = { message: 'a\ud83d', extra: { 'k\udc00': ['b\ud83d\ude00\ud83d'] } }
  const envelope = [{}, [[{ type: 'event' }, event]]] as unknown as SdkEnvelope
  scrubEnvelope(envelope, false)
  expect(envelope[1][0]![1]).toEqual({ message: 'a\ufffd', extra: { 'k\ufffd': ['b😀\ufffd'] } })
})

it("a transaction's name has no query in the envelope's header and in a profile either", () => {
  const name = 'GET https://h/a?email=C4nary'
  const headers = { trace: { trace_id: 'a', transaction: name } }
  const envelope = [headers, [[{ type: 'profile' }, { transaction: { id: 'b', name } }]]]
  scrubEnvelope(envelope as unknown as SdkEnvelope, false)
  expect(envelope).toEqual([
    { trace: { trace_id: 'a', transaction: 'GET https://h/a' } },
    [[{ type: 'profile' }, { transaction: { id: 'b', name: 'GET https://h/a' } }]],
  ])
})
