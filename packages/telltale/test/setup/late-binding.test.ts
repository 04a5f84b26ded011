import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'

afterEach(endChildren)

const early = (child: Child): unknown[] =>
  child.lines.filter(({ event }) => event === 'early').map((line) => line['n'])

test("events before setup() are written in order, with setup's identity and what they were when raised", async () => {
  const child = new Child('late.mjs', ['in_time'])
  expect((await child.ended).code).toBe(0)
  expect(early(child)).toEqual([1, 2, 3])
  for (const line of child.lines) {
    expect(line).toMatchObject({ service: 'named', version: '9.9.9', environment: 'test', instance: 'here' })
  }
  expect(child.lines[0]).toMatchObject({ tenant: 't1', n: 1, password: '[REDACTED]' })
  expect(child.names).toEqual(['early', 'early', 'early'])
  const times = child.lines.map((line) => String(line['timestamp']))
  expect(times).toEqual([...times].sort())
  expect(child.stderr).toBe('')
})

test.each([
  ['never', ['early', 'setup_not_called', 'early'], 0],
  ['error_first', ['early', 'early_failure', 'setup_not_called', 'early'], 0],
  ['exit', ['early', 'setup_not_called'], 0],
  ['after_giving_up', ['early_failure', 'setup_not_called', 'early'], 0],
])('%s: the defaults apply and one line says that setup() was not called', async (way, names, code) => {
  const child = new Child('late.mjs', [way])
  expect((await child.ended).code).toBe(code)
  expect(child.names).toEqual(names)
  expect(child.one('setup_not_called')).toMatchObject({ level: 'warning', logger: 'telltale' })
})

test('setup() after that names what follows', async () => {
  const child = new Child('late.mjs', ['after_giving_up'])
  await child.ended
  expect(child.lines.at(-1)).toMatchObject({ event: 'early', n: 2, service: 'named' })
})

test('a thousand events are held, and no more', async () => {
  const child = new Child('late.mjs', ['many'])
  expect((await child.ended).code).toBe(0)
  expect(early(child)).toEqual(Array.from({ length: 1000 }, (_each, n) => n + 1))
  expect(child.one('setup_not_called').level).toBe('warning')
})

test.each([
  [{ LOG_LEVEL: 'debug' }, ['early', 'early_debug', 'early', 'early']],
  [{ LOG_LEVEL: 'warning' }, []],
  [{ LOG_LEVEL: 'error,early=info' }, ['early', 'early', 'early']],
])('%j decides what of it is written', async (env, names) => {
  const child = new Child('late.mjs', ['in_time'], env)
  expect((await child.ended).code).toBe(0)
  expect(child.names).toEqual(names)
})

test.each([
  [
    { LOG_LEVEL: 'loud' },
    'setup(): LOG_LEVEL can\'t be read: "loud" (accepted: debug, info, warning, error, critical, off',
  ],
  [{ LOG_FORMAT: 'xml' }, 'setup(): LOG_FORMAT must be json, console or logfmt, got string "xml".'],
])('%j is one clear error', async (env, message) => {
  const child = new Child('late.mjs', ['in_time'], env)
  expect((await child.ended).code).toBe(1)
  expect(child.stderr).toContain(message)
})

test.each([
  ['exit', { LOG_LEVEL: 'loud' }],
  ['never', { LOG_FORMAT: 'xml' }],
])('without setup(), %s with %j still writes what was held', async (way, env) => {
  const child = new Child('late.mjs', [way], env)
  expect((await child.ended).code).toBe(0)
  expect(child.names.slice(0, 2)).toEqual(['early', 'setup_not_called'])
})

test('LOG_FORMAT=console writes for a person, also where no terminal is', async () => {
  const child = new Child('late.mjs', ['in_time'], { LOG_FORMAT: 'console', NO_COLOR: '1' })
  expect((await child.ended).code).toBe(0)
  expect(child.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3}\s+info\b.*\bearly\b/)
  expect(child.stdout).not.toContain('{"timestamp"')
  expect(child.stdout).not.toContain('hunter2')
})
