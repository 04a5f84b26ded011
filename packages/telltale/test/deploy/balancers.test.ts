import { afterEach, expect, test } from 'vitest'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import { freePort } from '../../../../scripts/testing/free-port.mjs'
import { recipe, startBalancer } from '../support/balancer.js'
import { Child, endChildren } from '../support/child.js'
import { Load } from '../support/load.js'
import { until } from '../support/until.js'

const open: (() => void)[] = []
afterEach(() => {
  endChildren()
  for (const end of open.splice(0)) end()
})

test('behind HAProxy as the recipe has it, a replica that leaves is no error to anybody', async () => {
  const program = requireBinary({ name: 'haproxy', install: 'apt-get install haproxy' })
  const { replicas, ports } = await twoReplicas(5000)
  const port = await freePort()
  const configuration = recipe('haproxy', port, ports)
  open.push(await startBalancer([program, '-db', '-f', 'configuration'], configuration, port))
  expect(await whileOneLeaves(port, replicas)).toEqual([])
})

test('behind nginx as the recipe has it, a replica that leaves is no error to who asks by GET', async () => {
  const program = requireBinary({ name: 'nginx', install: 'apt-get install nginx-light' })
  const { replicas, ports } = await twoReplicas(0)
  const port = await freePort()
  // The recipe is what goes into `http`. Paths are below the folder that it is started in.
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`,
  )
  const configuration = `
    daemon off; master_process off; pid pid; error_log stderr error;
    events {}
    http { access_log off; ${paths.join(' ')} ${recipe('nginx', port, ports)} }`
  open.push(
    await startBalancer([program, '-p', '.', '-c', 'configuration', '-e', 'stderr'], configuration, port),
  )
  expect(await whileOneLeaves(port, replicas)).toEqual([])
})

async function twoReplicas(drainDelayMs: number): Promise<{ replicas: Child[]; ports: number[] }> {
  const options = JSON.stringify({ lifecycle: { drainDelayMs } })
  const replicas = [new Child('serve.mjs', ['http', options]), new Child('serve.mjs', ['http', options])]
  return { replicas, ports: await Promise.all(replicas.map((child) => child.port())) }
}

/** What fails at 500 requests a second over kept connections while the first of two replicas gets SIGTERM and ends. */
async function whileOneLeaves(
  port: number,
  [leaving, staying]: readonly Child[],
): Promise<readonly string[]> {
  const load = new Load(port)
  load.start()
  const served = ({ stdout }: Child): number => stdout.split('"request_completed"').length - 1
  await until('both serve', () => served(leaving!) >= 100 && served(staying!) >= 100)
  leaving!.kill('SIGTERM')
  expect(await leaving!.ended).toEqual({ code: 0, signal: null })
  const before = load.whole.size
  await until('the other one serves on', () => load.whole.size >= before + 200 || load.failed.length > 0)
  await load.stop()
  expect(leaving!.lines.at(-1)).toMatchObject({ event: 'shutdown_completed', level: 'info' })
  return load.failed
}
