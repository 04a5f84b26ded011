import { expect, test } from 'vitest'
import { settingsOf } from './settings.js'
import type { TelltaleSettings } from './types.js'

const read = (telltale: unknown) => settingsOf({ telltale })
const wrapper = (given: unknown) => () => read({ wrappers: [given] })

test('nothing given is nothing declared', () => {
  for (const all of [undefined, {}, { other: 1 }]) {
    const settings = settingsOf(all)
    expect(settings.effects).toEqual([])
    expect(settings.wrapperOf(['audit', 'record'])).toBeUndefined()
  }
})

test('a wrapper is found by the end of the call, whole names only', () => {
  const declared = { name: 'audit.record', kind: 'report', event: 1, fields: 2 } as const
  const { wrapperOf } = read({ wrappers: [declared] } satisfies TelltaleSettings)
  expect(wrapperOf(['audit', 'record'])).toEqual(declared)
  expect(wrapperOf(['this', 'audit', 'record'])).toEqual(declared)
  expect(wrapperOf(['myaudit', 'record'])).toBeUndefined()
  expect(wrapperOf(['record'])).toBeUndefined()
})

test('a wrapper that says no more is a log', () => {
  expect(read({ wrappers: [{ name: 'audit' }] }).wrapperOf(['audit'])).toEqual({
    name: 'audit',
    kind: 'log',
    event: 0,
    fields: 1,
  })
})

test.each([
  [{ event: 1 }, { event: 1, fields: 2 }],
  [
    { event: 2, fields: 0 },
    { event: 2, fields: 0 },
  ],
  [{ fields: 0 }, { event: 1, fields: 0 }],
  [{ fields: 3 }, { event: 0, fields: 3 }],
])('what %j leaves unsaid comes after, or before', (given, positions) => {
  expect(read({ wrappers: [{ name: 'audit', ...given }] }).wrapperOf(['audit'])).toMatchObject(positions)
})

test.each(['this.events.record', '$audit', '_log.write', 'prüfe'])('%s can be called', (name) => {
  expect(read({ wrappers: [{ name }] }).wrapperOf(name.split('.'))?.name).toBe(name)
})

test.each([
  [3, 'settings.telltale must be an object, got 3.'],
  [['audit'], 'settings.telltale must be an object, got ["audit"].'],
  [{ wrapper: [] }, 'settings.telltale.wrapper is not a setting; there are wrappers, effects.'],
  [{ wrappers: { name: 'a' } }, 'settings.telltale.wrappers must be an array, got {"name":"a"}.'],
  [{ effects: 'reconcile' }, 'settings.telltale.effects must be an array of words, got "reconcile".'],
  [{ effects: [''] }, 'settings.telltale.effects must be an array of words, got [""].'],
])('%j is told by its name, with what is accepted', (given, message) => {
  expect(() => read(given)).toThrow(message)
})

test.each([
  ['audit', 'must be an object such as { name:'],
  [{ nam: 'audit' }, '.nam is not known; a wrapper is { name:'],
  [{}, ".name must be the call as it is written, such as 'audit.record', got undefined."],
  [{ name: '' }, '.name must be the call as it is written'],
  [{ name: 'audit record' }, '.name must be the call as it is written'],
  [{ name: 'audit()' }, '.name must be the call as it is written'],
  [{ name: 'this.#audit' }, '.name must be the call as it is written'],
  [{ name: 'audit.' }, '.name must be the call as it is written'],
  [
    { name: 'audit', event: 0, fields: 0 },
    ".event and .fields are two arguments' positions, such as event: 0, fields: 1; both are 0.",
  ],
  [{ name: 'audit', kind: 'logs' }, '.kind must be one of log, report, metric, span, got "logs".'],
  [{ name: 'audit', event: -1 }, ".event must be an argument's position from 0, got -1."],
  [{ name: 'audit', fields: '1' }, '.fields must be an argument\'s position from 0, got "1".'],
  [{ name: 'audit', fields: () => 1 }, ".fields must be an argument's position from 0, got a function."],
])('of the wrapper %j, too', (given, message) => {
  expect(wrapper(given)).toThrow('settings.telltale.wrappers[0]')
  expect(wrapper(given)).toThrow(message)
})

test('what both hosts hand over for every file is read once', () => {
  let reads = 0
  const given = {
    get wrappers() {
      reads += 1
      return []
    },
  }
  read(given)
  const first = reads
  read(given)
  expect(reads).toBe(first)
})
