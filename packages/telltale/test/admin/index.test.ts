import { expect, test } from 'vitest'
import { health } from '../../src/index.js'
import { adminStarter } from '../support/admin.js'
import { forgetChecks } from '../support/checks.js'
import { afterEach } from 'vitest'

const start = adminStarter()
afterEach(forgetChecks)
const token = 'S3cretAdm1nToken'

test('the index and what is answered for a wrong path name everything that there is', async () => {
  const admin = await start({ port: 0, token })
  health.check('mine', () => true, { groups: ['mine'] })
  const shown = await admin.ask('/')
  expect([shown.status, shown.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
  const { paths } = JSON.parse(shown.body) as { paths: Readonly<Record<string, string>> }
  expect(Object.keys(paths)).toEqual([
    'GET /',
    'GET /metrics',
    'GET /health',
    'GET /health/ready',
    'GET /health/startup',
    'GET /health/<group>',
    'GET or PUT /log/level',
    'GET /requests',
    'GET /requests/<request_id>/events',
    'GET /flows',
  ])
  const missed = await admin.ask('/metric')
  expect(missed.status).toBe(404)
  const { message } = JSON.parse(missed.body) as { message: string }
  for (const name of Object.keys(paths)) expect(message).toContain(name)
  const authorization = `Bearer ${token}`
  for (const name of Object.keys(paths)) {
    const path = name.replace(/^[^/]* /, '').replace('<group>', 'mine')
    if (path.includes('<')) continue
    expect([path, (await admin.ask(path, { headers: { authorization } })).status]).not.toEqual([path, 404])
    const takes = (await admin.ask(path, { method: 'PATCH', headers: { authorization } })).headers['allow']
    expect([path, takes]).toEqual([path, name.includes('PUT') ? 'GET, HEAD, PUT' : 'GET, HEAD'])
  }
  expect(admin.log.events('admin_used').map((line) => line['path'])).not.toContain('/')
})

test.each(['/log/level', '/requests', '/flows', '/requests/0123456789abcdef/events'])(
  '%s is for who has the token',
  async (path) => {
    const admin = await start({ port: 0, token })
    expect((await admin.ask(path)).status).toBe(401)
  },
)
