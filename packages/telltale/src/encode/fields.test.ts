import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bindContext, getLogger, withContext } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import { droppedCounts } from '../self/dropped.js'
import { beyondCopied, copyFields } from './copy.js'
import { ownFields } from './fields.js'
import { wide } from './wide.fixture.js'

let out: Capture
beforeEach(() => {
  out = new Capture({ log: { processors: [] } })
})
afterEach(() => out.telltale.shutdown())

const log = getLogger('app')
const count = 10_000

describe('of more fields than a line holds the first are read, the others counted', () => {
  const made: [how: string, mark: string, held: number, log: (fields: object) => void][] = [
    ['bind', '… bound', 128, (fields) => log.bind(fields).info('made')],
    ['bind and unbind', '… bound', 127, (fields) => log.bind(fields).unbind('k0').info('made')],
    ['withContext', '… context', 128, (fields) => withContext(fields, () => log.info('made'))],
    ['exception', '…', 127, (fields) => log.exception('made', new Error('refused'), fields)],
    ['bind and a later field', '… bound', 127, (fields) => log.bind(fields).info('made', { k5: 'later' })],
  ]

  test.each(made)('%s', (_how, mark, held, act) => {
    const { fields, reads } = wide(count)
    act(fields)
    expect(reads()).toBe(128)
    const line = out.one('made')
    expect(line[mark]).toBe(`(+${count - (mark === '…' ? held : 128)} keys)`)
    expect(Object.keys(line).filter((name) => /^k\d+$/.test(name))).toHaveLength(
      line['k5'] === 'later' ? 128 : held,
    )
  })

  test('bindContext', () => {
    const dropped = (): number =>
      [...droppedCounts()].find(({ reason }) => reason === 'context_fields')?.count ?? 0
    const before = dropped()
    const { fields, reads } = wide(count)
    withContext({}, () => {
      bindContext(fields)
      log.info('made')
    })
    expect(reads()).toBe(128)
    expect(out.one('made')).toMatchObject({ k127: 127 })
    expect(out.one('made')).not.toHaveProperty('k128')
    expect(dropped() - before).toBe(count - 128)
  })
})

test('a processor is no reason to forget the number', async () => {
  await out.telltale.shutdown()
  out = new Capture({ log: { processors: [({ fields }) => void (fields['added'] = 1)] } })
  log.info('made', wide(count).fields)
  expect(out.one('made')['…']).toBe(`(+${count - 127} keys)`)
})

test('a copy of a copy has the same fields and the same number beyond', () => {
  const once = copyFields(wide(count).fields)
  const twice = copyFields({ ...once })
  expect(Object.keys(twice)).toEqual(Object.keys(once))
  expect(beyondCopied(twice)).toBe(count - 128)
  expect(beyondCopied(copyFields(wide(128).fields))).toBe(0)
})

test('fields without a value take no place, but are not looked at for ever', () => {
  const none = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`u${n}`, undefined]))
  expect(copyFields({ ...none, last: 1 })).toHaveProperty('last', 1)
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`u${n}`, undefined]))
  expect(Object.keys(copyFields(many))).toHaveLength(1024)
})

test('names are as written', () => {
  const error = new Error('refused')
  expect({ ...ownFields({ level: 1, err: error, a: 2 }) }).toEqual({ level_: 1, error, a: 2 })
})
