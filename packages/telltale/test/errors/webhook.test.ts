import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import type { ErrorReport } from 'telltale'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
mkdirSync(join(root, '.telltale'), { recursive: true })
const folder = mkdtempSync(join(root, '.telltale/webhook-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the example with an end of its own against a webhook that answers so. */
async function run(
  ending: string,
  status: number,
): Promise<{ code: number; posted: ErrorReport[]; stderr: string }> {
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
      res.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const env = { ...process.env, NODE_OPTIONS: '', ERROR_WEBHOOK: `http://127.0.0.1:${port}/` }
  const child = execFile(process.execPath, [file], { env })
  const stderr = text(child.stderr!)
  const [code] = (await once(child, 'close')) as [number]
  server.close()
  return { code, posted, stderr: await stderr }
}

const started = `
import { getLogger, renderMetrics, setup } from 'telltale'
setup({ service: 'hooked', environment: 'test' })
getLogger('app').exception('first', new Error('a'))
`

test('the webhook of docs/errors.md sends what a process fails with before it ends', async () => {
  const ending = `setImmediate(() => { throw new RangeError('second') })`
  const { code, posted } = await run(started + ending, 200)
  expect(code).toBe(1)
  expect(posted.map(({ event, error }) => [event, error.message])).toEqual([
    ['first', 'a'],
    ['uncaught_exception', 'second'],
  ])
})

test('it counts the reports that are not taken', async () => {
  const ending = `
    getLogger('app').exception('second', new Error('b'))
    await flush().catch(() => undefined)
    process.stderr.write(Buffer.concat((await renderMetrics()).chunks))`
  const { code, posted, stderr } = await run(started + ending, 500)
  expect(stderr).toContain('webhook_reports_lost_total 2')
  expect(code).toBe(0)
  expect(posted).toHaveLength(2)
})
