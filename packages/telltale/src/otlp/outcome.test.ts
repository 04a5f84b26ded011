import { describe, expect, it } from 'vitest'
import { outcomeOf } from './outcome.js'

const nothing = { count: 0, message: '' }
const protobuf = 'application/x-protobuf'

const of = (
  status: number,
  body: Buffer | string | undefined,
  contentType = protobuf,
  retryAfterMs?: number,
) =>
  outcomeOf(
    { status, contentType, retryAfterMs, body: typeof body === 'string' ? Buffer.from(body) : body },
    () => ({ count: 3, message: 'late' }),
  )

describe('outcomeOf', () => {
  it.each([200, 202, 204])('%i has taken it', (status) => {
    expect(of(status, '')).toEqual({ kind: 'taken', refusal: nothing })
    expect(of(status, undefined)).toEqual({ kind: 'taken', refusal: nothing })
    expect(of(status, 'x')).toEqual({ kind: 'taken', refusal: { count: 3, message: 'late' } })
  })

  it('an answer that can not be read has taken it', () => {
    const answer = { status: 200, contentType: protobuf, retryAfterMs: undefined, body: Buffer.from('x') }
    const read = (): never => {
      throw new RangeError('out of bounds')
    }
    expect(outcomeOf(answer, read)).toEqual({ kind: 'taken', refusal: nothing })
  })

  it.each([429, 502, 503, 504])('%i may be asked again', (status) => {
    expect(of(status, '', '', 5)).toEqual({ kind: 'failed', why: `status ${status}`, retryAfterMs: 5 })
  })

  it.each([
    ['a message as JSON', 'application/json', '{"code":3,"message":"bad token"}', ', bad token'],
    ['other JSON', 'application/json', '{"error":1}', ', {"error":1}'],
    ['text', 'text/plain', 'no tenant', ', no tenant'],
    ['a google.rpc.Status', protobuf, Buffer.from([0x08, 0x03, 0x12, 0x03, 0x62, 0x61, 0x64]), ', bad'],
    ['one without a code', protobuf, Buffer.from([0x12, 0x03, 0x62, 0x61, 0x64]), ', bad'],
    [
      'a long message',
      protobuf,
      Buffer.concat([Buffer.from([0x12, 0xac, 0x02]), Buffer.alloc(300, 'x')]),
      `, ${'x'.repeat(300)}`,
    ],
    ['half a message', protobuf, Buffer.from([0x08, 0x83]), ''],
    ['something else', protobuf, Buffer.from([0xff, 0xff]), ''],
    ['a length beyond its end', protobuf, Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x61]), ', \x7fa'],
    ['nothing', protobuf, undefined, ''],
  ])('400 is refused, and says why: %s', (_what, contentType, body, message) => {
    expect(of(400, body, contentType)).toEqual({ kind: 'refused', why: `status 400${message}` })
  })
})
