import type { Cluster, Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { counter } from '../counter.js'
import { define } from '../definition.js'
import { renderMetrics } from '../expose/scrape.js'
import { parts } from '../parts/parts.js'
import { resetMetricsForTest } from '../registry.js'
import type { ClusterMessage } from './message.js'
import { gatherFromWorkers } from './primary.js'

const workers: Record<number, unknown> = {}
const cluster = Object.assign(new EventEmitter(), { workers })
gatherFromWorkers(cluster as unknown as Cluster)

class Fake {
  readonly sent: ClusterMessage[] = []
  readonly id: number
  isOver = false
  isOpen = true
  onSend = (): void => undefined
  readonly process = {
    send: (message: ClusterMessage): void => {
      this.sent.push(message)
      this.onSend()
    },
  }

  constructor(id: number) {
    this.id = id
    workers[id] = this
  }

  isConnected(): boolean {
    return this.isOpen
  }

  isDead(): boolean {
    return this.isOver
  }

  says(message: object): void {
    cluster.emit('message', this as unknown as Worker, { telltale: 'metrics', ...message })
  }
}

const definition = define('counter', 'told_total', { help: 'T.' })
const changed = { kind: 'changed', changes: [{ definition, width: 1, series: [['', 4]], gone: [] }] }
const text = async (): Promise<string> => Buffer.concat((await renderMetrics()).chunks).toString()

test('a worker that starts while a scrape waits for it is asked again, and answers that scrape', async () => {
  resetMetricsForTest()
  const worker = new Fake(1)
  const scrape = text()
  while (worker.sent.length === 0) await new Promise(setImmediate)
  worker.says({ kind: 'started', id: 0 })
  const { id } = worker.sent[0] as { id: number }
  expect(worker.sent).toEqual([
    { telltale: 'metrics', kind: 'ask', id },
    { telltale: 'metrics', kind: 'ask', id },
  ])
  worker.says(changed)
  worker.says({ kind: 'answered', id })
  expect(await scrape).toContain('\ntold_total 4\n')
  delete workers[1]
})

test('what a worker told at its end is taken after its exit, until it is disconnected', async () => {
  resetMetricsForTest()
  const worker = new Fake(2)
  worker.isOver = true
  cluster.emit('exit', worker)
  worker.says(changed)
  worker.isOpen = false
  cluster.emit('disconnect', worker)
  delete workers[2]
  await parts.keeping
  worker.says(changed)
  expect(parts.live.size).toBe(0)
  expect(await text()).toContain('\ntold_total 4\n')
})

test('the event loop turns while a large scrape is sent to a worker', async () => {
  resetMetricsForTest()
  const many = counter('many_total', { help: 'M.', labels: { id: Number }, maxSeries: 20_000 })
  for (let id = 0; id < 20_000; id++) many.inc({ id })
  const worker = new Fake(3)
  delete workers[3]
  let turns = 0
  const turnsAt: number[] = []
  worker.onSend = () => {
    turnsAt.push(turns)
    // As long as it takes to write to a channel that is full.
    for (const until = performance.now() + 4; performance.now() < until;);
  }
  const timer = setInterval(() => turns++, 0)
  worker.says({ kind: 'render', id: 9 })
  while (!worker.sent.some((message) => message.kind === 'rendered' && message.isLast))
    await new Promise(setImmediate)
  clearInterval(timer)
  expect(worker.sent.length).toBeGreaterThan(3)
  expect(turnsAt.at(-1)).toBeGreaterThan(turnsAt[0]!)
})
