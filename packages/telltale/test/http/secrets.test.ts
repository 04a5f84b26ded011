import { expect, test } from 'vitest'
import { renderMetrics } from '../../src/metrics/rendered.fixture.js'
import { eachAdapter } from '../support/adapters.js'
import { ask } from '../support/client.js'

const canary = 'Zq8vN2kT5xW1cR7y'
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${canary}In0.${canary}${canary}`

eachAdapter((start) => {
  test('a secret is written nowhere, whatever part of the request it stands in', async () => {
    const { app, log } = await start({}, { log: { level: 'debug' } })
    const post = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await ask(app.port, `/reset/${canary}`)
    await ask(app.port, `/hello?token=${canary}&password=${canary}&code=${canary}`)
    await ask(app.port, '/hello', {
      headers: {
        authorization: `Bearer ${canary}`,
        cookie: `session=${canary}`,
        'x-api-key': canary,
        referer: `https://app.example/reset?token=${canary}`,
        'user-agent': `agent/1 token=${canary}`,
      },
    })
    await ask(
      app.port,
      '/json',
      post(JSON.stringify({ user: { password: canary, tokens: [canary] }, note: jwt })),
    )
    await ask(app.port, '/json', post(`{"password":"${canary}`))
    await ask(app.port, `/nowhere/${jwt}`)
    await ask(app.port, `/throw?secret=${canary}`)
    await ask(app.port, '/hello', { headers: { 'x-request-id': `token=${canary}!` } })
    await log.ended(8)
    expect(log.text).not.toContain(canary)
    expect(log.text).not.toContain('hunter2')
    expect(renderMetrics()).not.toContain(canary)
    expect(log.one('reset_asked')['path']).toBe('/reset/[REDACTED]')
    expect(log.ends[0]).toMatchObject({ path: '/reset/[REDACTED]', route: '/reset/:token' })
    expect(log.ends).toHaveLength(8)
  })

  test('secretPaths cover a path that no route tells', async () => {
    const { app, log } = await start({}, { requests: { secretPaths: ['/invite/:code', '/a/:x/b/:y'] } })
    await ask(app.port, `/invite/${canary}`)
    await ask(app.port, `/a/${canary}/b/${canary}`)
    await ask(app.port, '/invite/x/more')
    await log.ended(3)
    expect(log.text).not.toContain(canary)
    expect(log.ends.map((line) => line['path'])).toEqual([
      '/invite/[REDACTED]',
      '/a/[REDACTED]/b/[REDACTED]',
      '/invite/[REDACTED]/more',
    ])
  })

  test('a path that the router reads leniently is redacted as well', async () => {
    const { app, log } = await start({}, { requests: { secretPaths: ['/invite/:code'] } })
    const lenient = [
      `/reset/${canary}/`,
      `/Reset/${canary}`,
      `/re%73et/${canary}`,
      `/INVITE/${canary}//`,
      `//invite/${canary}`,
    ]
    for (const path of lenient) await ask(app.port, path)
    await log.ended(lenient.length)
    for (const line of log.ends.filter(({ route }) => route === '/reset/:token')) {
      expect(line['path']).not.toContain(canary)
    }
    expect(log.ends.slice(3).map(({ path }) => String(path))).toEqual([
      expect.not.stringContaining(canary),
      expect.not.stringContaining(canary),
    ])
  })

  test('quiet paths are said at debug while they succeed', async () => {
    const { app, log } = await start({}, { requests: { quiet: ['/hello', '/throw'] } })
    await ask(app.port, '/hello')
    await ask(app.port, '/throw')
    await log.ended(1)
    expect(log.ends.map(({ event }) => event)).toEqual(['request_failed'])
  })
})
