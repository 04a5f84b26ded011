import { describe, expect, it } from 'vitest'
import { hostile } from '../../test/support/hostile.js'
import { readCall } from './pino-call.js'

const failure = new TypeError('no good')

const forms: [unknown[], string, object | undefined][] = [
  [['user_created'], 'user_created', undefined],
  [['Ready'], 'log', { message: 'Ready' }],
  [['user_created', { user_id: 'u1' }], 'user_created', { user_id: 'u1' }],
  [['Made %s in %d ms', 'it', 5], 'log', { message: 'Made it in 5 ms' }],
  [['Made %s', 'it', { user_id: 'u1' }], 'log', { message: 'Made it', user_id: 'u1' }],
  [['100% sure'], 'log', { message: '100% sure' }],
  [['took', 5], 'took', { value: 5 }],
  [['It took', 5, 'ms'], 'log', { message: 'It took 5 ms' }],
  [['It failed', failure], 'log', { message: 'It failed', error: failure }],
  [['It failed', failure, 'twice'], 'log', { message: 'It failed twice', error: failure }],
  [[{ user_id: 'u1' }], 'log', { user_id: 'u1' }],
  [[{ user_id: 'u1' }, 'user_created'], 'user_created', { user_id: 'u1' }],
  [[{ user_id: 'u1' }, 'Made %s', 'it'], 'log', { message: 'Made it', user_id: 'u1' }],
  [[{ user_id: 'u1', msg: 'Made it' }], 'log', { message: 'Made it', user_id: 'u1' }],
  [[{ msg: 'user_created' }], 'user_created', {}],
  [[{ msg: 5 }], 'log', { msg: 5 }],
  [[{ msg: 'own' }, 'Said'], 'log', { message: 'Said', msg: 'own' }],
  [[{ message: 'own' }, 'Said'], 'log', { message: 'Said', message_: 'own' }],
  [[failure], 'error', { error: failure }],
  [[failure, 'It failed'], 'log', { message: 'It failed', error: failure }],
  [[{ err: failure }, 'it_failed'], 'it_failed', { err: failure }],
  [[undefined, 'Ready'], 'log', { message: 'Ready' }],
  [[null, 'Ready'], 'log', { message: 'Ready' }],
  [[], 'log', undefined],
  [[5], 'log', { message: '5' }],
  [[5, 'Ready'], 'log', { message: 'Ready', value: 5 }],
]

describe('readCall', () => {
  it.each(forms)('%j', ([first, ...rest], event, fields) => {
    expect(readCall(first, rest)).toEqual({ event, fields })
  })

  it('formats redacted copies, so that no secret becomes part of the text', () => {
    const values = { user: 'ada', password: { part: 'S3cret' }, list: [{ apiKey: ['S3cret'] }] }
    for (const placeholder of ['%o', '%O', '%j', '%s']) {
      const { fields } = readCall(`The user ${placeholder}.`, [values])
      expect(JSON.stringify(fields)).toContain('ada')
      expect(JSON.stringify(fields)).not.toContain('S3cret')
    }
  })

  it.each(Object.entries(hostile))('reads %s in any place', (_name, value) => {
    const calls = [
      [value()],
      ['Text', value()],
      ['%s %d %j %o', value(), value()],
      [value(), 'Text %o', value()],
    ]
    for (const [first, ...rest] of calls) expect(readCall(first, rest).event).toEqual(expect.any(String))
  })
})
