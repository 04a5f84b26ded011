import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import type { Json } from './envelope.js'
import { Ingest } from './ingest.js'

let ingest: Ingest

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  endChildren()
  await ingest.close()
})

async function run(name: string, way: string): Promise<Child> {
  const child = new Child('sentry-beside.mjs', [name, way], { SENTRY_DSN: ingest.dsn })
  expect(await child.ended).toEqual({ code: 0, signal: null })
  return child
}

const canary = 'S3cretC4nary'

describe.each(['sentry-10', 'sentry-11'])('beside %s', (name) => {
  it('a user whose id may not be told is not', async () => {
    await run(name, 'hidden-user')
    expect(ingest.event['user']).toEqual({ id: '[REDACTED]' })
    for (const { text } of ingest.received) expect(text).not.toContain(canary)
  })
  it('a message is sent as often as it is said', async () => {
    await run(name, 'messages')
    expect(ingest.events.map(({ message }) => message)).toEqual(['again', 'again', 'again'])
  })
  it('what the service says of group and user itself holds', async () => {
    await run(name, 'own-words')
    const said = ingest.events.map(({ exception, fingerprint, user }) => ({
      value: exception.values[0].value,
      fingerprint,
      user: user.id,
    }))
    expect(said).toHaveLength(3)
    expect(said).toContainEqual({ value: 'named', fingerprint: ['theirs'], user: 'theirs' })
    expect(said).toContainEqual({ value: 'ours', fingerprint: ['theirs'], user: 'theirs' })
    const ours = [expect.stringMatching(/^[0-9a-f]{16}$/)]
    expect(said).toContainEqual({ value: 'not named', fingerprint: ours, user: 'u_18' })
  })
  it.each([
    ['code', undefined],
    ['shown-code', "…${Sentry.captureException(new Error('…'))}"],
  ])('lines inside a text are no code: %s', async (way, line) => {
    await run(name, way)
    const frames = ingest.event['exception'].values[0].stacktrace.frames as Json[]
    const own = frames.find(({ function: called }) => String(called).endsWith('inText'))!
    expect(own['context_line']).toBe(line)
    expect(ingest.received.map(({ text }) => text).join('')).not.toContain(canary)
  })
  it.each([
    ['twice', ['ours', 'theirs']],
    ['again', ['another', 'theirs']],
    ['early', ['after it', 'before it']],
    ['signalled', ['ours', 'theirs']],
  ])('each error is one event, and nothing of a secret in it: %s', async (way, values) => {
    const { stderr } = await run(name, way)
    expect(ingest.events.map(({ exception }) => exception.values[0].value).toSorted()).toEqual(values)
    expect(ingest.received.map(({ text }) => text).join('')).not.toContain(canary)
    expect(stderr).not.toContain('telltale')
  })

  it('what is no longer attached to is left alone', async () => {
    await run(name, 'ended')
    expect(ingest.event['extra']).toEqual({ note: canary, password: 'p' })
  })
})
