import { afterAll, afterEach, expect, test } from 'vitest'
import { Ingest } from '../sentry/ingest.js'
import { Child, endChildren } from '../support/child.js'

const ingest = await new Ingest().open()
afterEach(endChildren)
afterAll(() => ingest.close())

async function run(way: string, env: NodeJS.ProcessEnv = { SENTRY_DSN: ingest.dsn }): Promise<Child> {
  ingest.received.splice(0)
  const child = new Child('early.mjs', [way], { SENTRY_RELEASE: '', ...env })
  await child.ended
  return child
}

const sent = (): unknown[] =>
  ingest.events.map(({ message, exception }) => message?.formatted ?? exception.values.at(-1).value)

test('what is reported before setup() is sent after it, as it was then', async () => {
  const child = await run('before')
  expect(sent()).toEqual(['first', 'second', 'said'])
  const [first, second] = ingest.events
  expect(first!['contexts'].fields).toMatchObject({ order: { id: 1 } })
  expect(second!['tags']).toMatchObject({ gateway: 'north' })
  expect(JSON.stringify(ingest.events)).not.toContain('hidden-by-setup')
  expect(child.stderr).toBe('')
})

test('of a hundred and more the rest is counted', async () => {
  const child = await run('many')
  expect(ingest.events).toHaveLength(100)
  expect(child.one('lost')['count']).toBe(5)
})

test('where setup() does not come, that is said and counted', async () => {
  const child = await run('never')
  expect(child.stderr).toContain('SENTRY_DSN is set, but setup() has not been called')
  expect(child.one('lost')['count']).toBe(1)
})

test('where nobody would have had them, nothing is said', async () => {
  const child = await run('never', { SENTRY_DSN: '' })
  expect(child.stderr).toBe('')
  expect(child.names).not.toContain('lost')
})
