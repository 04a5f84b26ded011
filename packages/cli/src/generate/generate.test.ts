import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { run } from '../cli.js'

const exposition = `# TYPE http_requests_total counter
http_requests_total{method="GET",path="/",status="200"} 3
# TYPE jobs_total counter
jobs_total 1
`
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-generate-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

async function call(args: readonly string[], given: string | { isTTY: true } = '') {
  const stdin = new PassThrough().end(typeof given === 'string' ? given : '')
  if (typeof given !== 'string') Object.assign(stdin, given)
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await run(['generate', ...args], { stdin, stdout, stderr, onInterrupt: () => undefined })
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => void server.close())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

test('makes a dashboard from a running service', async () => {
  let accepted: string | undefined
  const url = await serve((request, response) => {
    accepted = request.headers.accept
    response.end(exposition)
  })
  const { code, out, err } = await call(['dashboard', url, '--job', 'my api'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({ title: 'my api', uid: 'telltale-my-api', schemaVersion: 39 })
  expect(accepted).toMatch(/^text\/plain;version=0\.0\.4,.*openmetrics/)
})

test('makes the same from a file and from standard input, byte for byte', async () => {
  const fromFile = await call(['dashboard', file('metrics.txt', exposition), '--title=T', '--uid=u'])
  expect(fromFile.code).toBe(0)
  expect(await call(['dashboard', '-', '--title', 'T', '--uid', 'u'], exposition)).toEqual(fromFile)
  expect(JSON.parse(fromFile.out)).toMatchObject({ title: 'T', uid: 'u' })
})

const openMetrics = `# TYPE http_requests counter
http_requests_total{method="GET",path="/",status="200"} 3
# TYPE jobs counter
jobs_total 1
# EOF
`

test('makes the same from either text format', async () => {
  const from = (text: string) => call(['dashboard', '-'], text)
  expect(await from(openMetrics)).toEqual(await from(exposition))
})

test('asks for the rate of a counter as it is scraped, and says where nothing tells that it is one', async () => {
  const known = await call(['dashboard', '-'], '# TYPE sent counter\nsent 1\n')
  expect(known.out).toContain('rate(sent{')
  expect(known.out).not.toContain('sent_total')
  expect(known.err).toBe('')
  const unknown = await call(['dashboard', '-'], '# TYPE sent unknown\nsent 1\n# EOF\n')
  expect(unknown.out).not.toContain('rate(')
  expect(unknown.err).toMatch(/^telltale generate: drawn as they are, for want of a type: sent\. OpenMetrics/)
})

test('makes alerts, and says what they do not watch', async () => {
  const { code, out, err } = await call(['alerts', '-', '--job', 'api', '--error-ratio', '.2'], exposition)
  expect(code).toBe(0)
  expect(out).toContain(') > 0.2\n')
  expect(out).not.toContain('flow_duration_seconds')
  expect(err).toContain('telltale generate: no alert on failed flows: no histogram flow_duration_seconds')
})

test('writes a file and says what is in it', async () => {
  const path = join(folder, 'dashboard.json')
  const { code, out, err } = await call(['dashboard', '-', '--output', path], exposition)
  expect({ code, out }).toEqual({ code: 0, out: '' })
  expect(err).toBe(`telltale generate: ${path}: 6 panels (Requests, Own metrics), uid telltale\n`)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ uid: 'telltale' })
})

test.each([
  [[], /needs to know what: dashboard or alerts/],
  [['dashbord', '-'], /can't make "dashbord"\. Did you mean dashboard\?\nAccepted: dashboard, alerts/],
  [['dashboard'], /takes one source, got 0: a URL/],
  [['dashboard', 'a', 'b'], /takes one source, got 2/],
  [['dashboard', '-', '--runbooks', 'x'], /unknown option --runbooks/],
  [['dashboard', '-', '--uid', 'a b'], /--uid is up to 40 letters, digits, - and _, got "a b"/],
  [['dashboard', '-', '--title', '…'], /no id can be made from the title "…"/],
  [['dashboard', '-', '--title', 'a\nb'], /--title is a text on one line/],
  [['alerts', '-'], /needs --job: the job_name/],
  [['alerts', '-', '--job=a', '--error-ratio', '5'], /--error-ratio is a share between 0 and 1, .* got "5"/],
  [['alerts', '-', '--job=a', '--error-ratio', '0'], /between 0 and 1/],
  [['alerts', '-', '--job=a', '--flow-failure-ratio', 'x'], /--flow-failure-ratio .* got "x"/],
  [['alerts', '-', '--job=a', '--runbooks', '/runbooks'], /--runbooks is an absolute address/],
  [['alerts', '-', '--job=a', '--runbooks', 'javascript:x'], /--runbooks is an absolute address/],
  [['dashboard', 'no-such.js'], /there is no module no-such\.js/],
])('%j is one clear error and exit code 2', async (args, text) => {
  const { code, out, err } = await call(args, exposition)
  expect(err).toMatch(text)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
})

test.each([
  ['<html>', /standard input is no exposition of metrics: line 1 is no metric: "<html>"\.\nAccepted:/],
  ['', /standard input holds no metrics/],
  ['# EOF\n', /standard input holds no metrics/],
])('%j as input is refused', async (text, said) => {
  const { code, err } = await call(['dashboard', '-'], text)
  expect(err).toMatch(said)
  expect(code).toBe(2)
})

test('a terminal as input is told what to pipe', async () => {
  const { code, err } = await call(['dashboard', '-'], { isTTY: true })
  expect(code).toBe(2)
  expect(err).toContain('| telltale generate dashboard -')
})

test('a source that is not to be had, or an output, is exit code 1', async () => {
  const missing = await serve((_request, response) => response.writeHead(404).end())
  const closed = await serve((_request, response) => response.writeHead(401).end())
  const gone = createServer()
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done))
  const { port } = gone.address() as AddressInfo
  await new Promise((done) => gone.close(done))
  const broken = await serve((request) => request.socket.destroy())
  for (const [args, said] of [
    [['dashboard', missing], /answered 404; metrics are usually at \/metrics/],
    [['dashboard', closed], /answered 401; pipe the metrics instead: curl/],
    [['dashboard', `http://127.0.0.1:${port}/metrics`], /nothing listens there; is the service running\?/],
    [['dashboard', broken], /can't ask http:.*: other side closed/],
    [['dashboard', 'no-such.txt'], /can't read no-such\.txt: no such file/],
    [['dashboard', folder], /it is a folder/],
    [['dashboard', '-', '--output', join(folder, 'no', 'd.json')], /its folder does not exist/],
    [['dashboard', '-', '--output', folder], /can't write .*: it is a folder/],
  ] as const) {
    const { code, out, err } = await call(args, exposition)
    expect(err).toMatch(said)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  }
})

test('helps', async () => {
  for (const args of [['--help'], ['help'], ['dashboard', '--help'], ['alerts', '-h']]) {
    const { code, out } = await call(args)
    expect(code).toBe(0)
    expect(out).toContain('telltale generate alerts http')
  }
})

/** A module, and the SDK that it finds. */
function project(name: string, module: string, sdk?: string): string {
  const home = join(folder, name)
  mkdirSync(home)
  if (sdk !== undefined) {
    const place = join(home, 'node_modules/telltale')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'index.js'), sdk)
    writeFileSync(join(place, 'http.js'), `require('telltale').counter('of_http_total')`)
  }
  writeFileSync(join(home, 'metrics.mjs'), module)
  return join(home, 'metrics.mjs')
}

const sdk = `
const metrics = []
exports.counter = (name) => metrics.push({ type: 'counter', name, help: 'H.', labels: [{ name: 'kind', kind: 'String' }] })
exports.metricDefinitions = () => metrics
exports.setup = () => exports.counter('of_the_sdk_total')
`

test('makes a dashboard from a module, which may print and never end', async () => {
  const noisy = `
    import { counter } from 'telltale'
    console.log('not JSON')
    counter('own_total')
    setInterval(() => {}, 1000)
  `
  const { code, out, err } = await call(['dashboard', project('noisy', noisy, sdk)])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const titles = (JSON.parse(out) as { panels: { title: string }[] }).panels.map(({ title }) => title)
  expect(titles).toEqual(['Own metrics', 'Of http', 'Of the sdk', 'Own'])
})

test.each([
  ['empty', 'export {}', sdk, /empty\/metrics\.mjs defines no metrics when it is imported/],
  ['alone', 'export {}', undefined, /finds no package telltale/],
  ['old', 'export {}', 'exports.counter = () => {}', /can't tell of its metrics/],
  ['throws', `throw new RangeError('no database')`, sdk, /importing .* failed\.\nRangeError: no database/],
  ['leaves', `console.error('bye'); process.exit(3)`, sdk, /ended its process with 3 while loading\.\nbye/],
])('a module that is %s is refused with the reason', async (name, module, package_, said) => {
  const { code, out, err } = await call(['dashboard', project(name, module, package_)])
  expect(err).toMatch(said)
  expect({ code, out }).toEqual({ code: 2, out: '' })
})
