import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import type { ErrorReport } from 'telltale'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
mkdirSync(join(root, '.telltale'), { recursive: true })
const folder = mkdtempSync(join(root, '.telltale/webhook-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ending = `
import { getLogger, setup } from 'telltale'
setup({ service: 'hooked', environment: 'test' })
getLogger('app').exception('first', new Error('a'))
setImmediate(() => { throw new RangeError('second') })
`

test('the webhook of docs/errors.md sends what a process fails with before it ends', async () => {
  const [example] = readFileSync(join(root, 'docs/errors.md'), 'utf8').match(
    /(?<=```ts\n)import \{ addErrorExit[^]*?(?=```)/,
  )!
  writeFileSync(join(folder, 'app.ts'), example + ending)
  const file = join(folder, 'app.mjs')
  await build({
    input: join(folder, 'app.ts'),
    output: { file },
    external: 'telltale',
    platform: 'node',
    logLevel: 'silent',
  })

  const posted: ErrorReport[] = []
  const server = createServer((req, res) => {
    void json(req).then((body) => {
      posted.push(...(body as { reports: ErrorReport[] }).reports)
      res.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const env = { ...process.env, NODE_OPTIONS: '', ERROR_WEBHOOK: `http://127.0.0.1:${port}/` }
  const child = execFile(process.execPath, [file], { env })
  const [code] = (await once(child, 'close')) as [number]
  server.close()
  expect(code).toBe(1)
  expect(posted.map(({ event, error }) => [event, error.message])).toEqual([
    ['first', 'a'],
    ['uncaught_exception', 'second'],
  ])
})
