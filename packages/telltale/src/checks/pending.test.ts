import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gate } from '../../test/support/until.js'
import { Pending } from './pending.js'

const { signal } = new AbortController()
const nothing = (): string => 'nothing came'

test('one call at a time, whoever waits; the next begins when it has settled', async () => {
  const pending = new Pending<number>()
  const { opened, open } = gate()
  let calls = 0
  const ask = (): Promise<number> => pending.answer(() => opened.then(() => ++calls), signal, nothing)
  const answers = [ask(), ask()]
  open()
  expect(await Promise.all(answers)).toEqual([1, 1])
  expect(await ask()).toBe(2)
})

test('one that fails is over, too, and nobody need wait for it', async () => {
  const pending = new Pending<number>()
  const refused = pending.answer(() => Promise.reject(new Error('refused')), signal, nothing)
  await expect(refused).rejects.toThrow('refused')
  const late = AbortSignal.abort(new Error('late'))
  await expect(pending.answer(() => turn().then(() => Promise.reject()), late, nothing)).rejects.toThrow()
  await turn()
  await turn()
  expect(await pending.answer(async () => 3, signal, nothing)).toBe(3)
})

test('what is forgotten does not end what came after it', async () => {
  const pending = new Pending<string>()
  const first = gate()
  const second = gate()
  const begun = pending.answer(() => first.opened.then(() => 'first'), signal, nothing)
  pending.forget()
  let calls = 0
  const begin = (): Promise<string> => (calls++, second.opened.then(() => 'second'))
  const ask = (): Promise<string> => pending.answer(begin, signal, nothing)
  const next = ask()
  first.open()
  expect(await begun).toBe('first')
  const joined = ask()
  second.open()
  expect(await Promise.all([next, joined])).toEqual(['second', 'second'])
  expect(calls).toBe(1)
})

test('an abort rejects with its reason and what was missing', async () => {
  const abort = new AbortController()
  const pending = new Pending<never>()
  const never = (): Promise<never> => new Promise(() => undefined)
  const waited = pending.answer(never, abort.signal, () => 'no row came')
  abort.abort(new Error('no answer within 5 ms'))
  await expect(waited).rejects.toThrow(/^no answer within 5 ms: no row came$/)
  await expect(pending.answer(never, abort.signal, nothing)).rejects.toThrow(
    /^no answer within 5 ms: nothing came$/,
  )
})

test('an answer leaves no listener behind', async () => {
  const own = new AbortController().signal
  let listeners = 0
  const add = own.addEventListener.bind(own)
  const remove = own.removeEventListener.bind(own)
  own.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
  own.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
  expect(await new Pending<number>().answer(async () => 1, own, nothing)).toBe(1)
  expect(listeners).toBe(0)
})

test('a run that has given up is not kept by a call that never ends', async () => {
  const pending = new Pending<never>()
  const given: WeakRef<object>[] = []
  for (let run = 0; run < 50; run++) {
    const mark = { run }
    given.push(new WeakRef(mark))
    const late = AbortSignal.abort(new Error('late'))
    await pending
      .answer(
        () => new Promise(() => undefined),
        late,
        () => String(mark.run),
      )
      .catch(() => mark)
  }
  await turn()
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  expect(given.filter((each) => each.deref() !== undefined).length).toBeLessThan(5)
  // It is there until here.
  pending.forget()
})
