import { expect, test } from 'vitest'
import { gate } from '../../test/support/until.js'
import { orAborted, Pending } from './pending.js'

test('one call at a time, whoever waits; the next begins when it has settled', async () => {
  const pending = new Pending<number>()
  const { opened, open } = gate()
  let calls = 0
  const begin = (): Promise<number> => opened.then(() => ++calls)
  const answers = [pending.join(begin), pending.join(begin)]
  open()
  expect(await Promise.all(answers)).toEqual([1, 1])
  expect(await pending.join(begin)).toBe(2)
})

test('one that fails is over, too, and nobody need wait for it', async () => {
  const pending = new Pending<number>()
  await expect(pending.join(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  void pending.join(() => Promise.reject(new Error('unheard')))
  await new Promise((resolve) => setImmediate(resolve))
  expect(await pending.join(async () => 3)).toBe(3)
})

test('what is forgotten does not end what came after it', async () => {
  const pending = new Pending<string>()
  const first = gate()
  const second = gate()
  const begun = pending.join(() => first.opened.then(() => 'first'))
  pending.forget()
  const next = pending.join(() => second.opened.then(() => 'second'))
  first.open()
  expect(await begun).toBe('first')
  expect(pending.join(async () => 'third')).toBe(next)
  second.open()
  expect(await next).toBe('second')
})

test('an abort rejects with its reason and what was missing', async () => {
  const abort = new AbortController()
  const waited = orAborted(new Promise(() => undefined), abort.signal, () => 'no row came')
  abort.abort(new Error('no answer within 5 ms'))
  await expect(waited).rejects.toThrow(/^no answer within 5 ms: no row came$/)
  const late = orAborted(Promise.reject(new Error('later')), abort.signal, () => 'nothing came')
  await expect(late).rejects.toThrow(/^no answer within 5 ms: nothing came$/)
})

test('an answer leaves no listener behind', async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
  expect(await orAborted(Promise.resolve(1), signal, () => '')).toBe(1)
  await new Promise((resolve) => setImmediate(resolve))
  expect(listeners).toBe(0)
})
