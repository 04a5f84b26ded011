import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'
import { ask } from '../support/client.js'
import type { Line } from '../support/capture.js'
import { until } from '../support/until.js'

afterEach(endChildren)

const portOf = (line: Line): number => Number(new URL(String(line['url'])).port)

async function said(child: Child, count: number, ...events: string[]): Promise<Line[]> {
  const found = (): Line[] => child.lines.filter(({ event }) => events.includes(event))
  await until(`${events.join()} ${count} times`, () => found().length === count)
  return found()
}

test('in a cluster each process listens for itself, and each answers with the metrics of all', async () => {
  const child = new Child('admin-cluster.mjs')
  const listening = await said(child, 3, 'admin_listening')
  expect(new Set(listening.map((line) => line['service'])).size).toBe(3)
  for (const line of listening) {
    let body = ''
    await until('it has the numbers of all three', () => {
      void ask(portOf(line), '/metrics?name[]=jobs_total').then(
        (answer) => (body = answer.body),
        () => undefined,
      )
      return body.includes('\njobs_total 7\n')
    })
  }
  child.process.stdin!.end()
  expect((await child.ended).code).toBe(0)
})

test('the app that the workers share has the metrics, too, whichever of them is asked', async () => {
  const child = new Child('admin-cluster.mjs')
  await said(child, 3, 'admin_listening')
  const ports = (await said(child, 2, 'listening')).map((line) => Number(line['port']))
  expect(ports[0]).toBe(ports[1])
  const statuses: number[] = []
  // Connections go to each worker in turn.
  for (let n = 0; n < 6; n++) statuses.push((await ask(ports[0]!, '/metrics')).status)
  expect(statuses).toEqual(Array(6).fill(200))
  child.process.stdin!.end()
  expect((await child.ended).code).toBe(0)
})

test('one port for all is taken by one of them, and the others say so', async () => {
  const first = new Child('admin-cluster.mjs')
  const taken = portOf((await said(first, 3, 'admin_listening'))[0]!)
  const second = new Child('admin-cluster.mjs', [String(taken)])
  expect((await said(second, 3, 'admin_not_listening')).map(({ level }) => level)).toEqual(
    Array(3).fill('warning'),
  )
  for (const child of [first, second]) {
    child.process.stdin!.end()
    expect((await child.ended).code).toBe(0)
  }
})
