import { expect, test } from 'vitest'
import { startReporting } from './reporting.mjs'

test('the last line of stderr is the report, once the program has ended', async () => {
  const child = startReporting('sh', ['-c', `echo warning >&2; echo '{"events":3}' >&2`])
  expect(await child.next()).toEqual({ events: 3 })
  await child.stop()
})

test('a program that fails is an error with what it said', async () => {
  const child = startReporting('sh', ['-c', 'echo no such module >&2; exit 3'])
  await expect(child.next()).rejects.toThrow(/ended with 3[^]*no such module/)
  await child.stop()
})

test('a program that is not there is an error', async () => {
  await expect(startReporting('/nowhere/program', []).next()).rejects.toThrow(/ENOENT/)
})

test('a program that ends well and reports nothing is an error too', async () => {
  await expect(startReporting('sh', ['-c', 'echo done >&2']).next()).rejects.toThrow(/ended with 0[^]*done/)
})
