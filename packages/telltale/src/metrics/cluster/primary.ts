import type { Cluster, Worker } from 'node:cluster'
import { show } from '../../self/show.js'
import { slot } from '../../state/state.js'
import { renderMetrics } from '../render.js'
import { bury, parts } from '../parts/parts.js'
import { Slices } from '../../state/slices.js'
import { type ClusterMessage, isClusterMessage } from './message.js'
import { Remote } from './remote.js'

const askMs = 200
const pieceBytes = 65_536

const primary = slot('metric-cluster-primary', () => ({
  on: false,
  asked: 0,
  /** Workers that have not answered, by their ids: not waited for again until they do. */
  silent: new Set<number>(),
  waiting: new Map<number, { readonly id: number; readonly done: () => void }>(),
}))

/** From here on scrapes of this process have its workers' metrics too. */
export function gatherFromWorkers(cluster: Cluster): void {
  if (primary.on) return
  primary.on = true
  cluster.on('message', (worker, message: unknown) => {
    if (isClusterMessage(message)) take(worker, message)
  })
  cluster.on('exit', (worker) => {
    primary.silent.delete(worker.id)
    primary.waiting.get(worker.id)?.done()
    primary.waiting.delete(worker.id)
    // What it told at its end may still be on the way.
    if (!worker.isConnected()) bury(partOf(worker))
  })
  cluster.on('disconnect', (worker) => {
    if (worker.isDead()) bury(partOf(worker))
  })
  // Asked once, a worker tells each second what changed; those that start later say so.
  for (const worker of workersOf(cluster)) send(worker, { telltale: 'metrics', kind: 'ask', id: 0 })
  parts.refreshers.add(() => ask(workersOf(cluster)))
}

const workersOf = (cluster: Cluster): Worker[] =>
  Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
const partOf = (worker: Worker): string => `process ${worker.id}`

/** Resolves when every worker that is not known to be silent has answered, within 200 ms at most. */
async function ask(workers: readonly Worker[]): Promise<void> {
  const id = ++primary.asked
  const waited = workers.filter(
    (worker) => !primary.silent.has(worker.id) && worker.isConnected() && !worker.isDead(),
  )
  if (waited.length === 0) return
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, askMs)))
  const answers = waited.map((worker) => {
    return new Promise<void>((resolve) => {
      const former = primary.waiting.get(worker.id)
      const done = (): void => {
        former?.done()
        resolve()
      }
      primary.waiting.set(worker.id, { id, done })
      send(worker, { telltale: 'metrics', kind: 'ask', id })
    })
  })
  await Promise.race([late, Promise.all(answers)])
  clearTimeout(timer)
  for (const worker of waited) if (primary.waiting.has(worker.id)) primary.silent.add(worker.id)
}

function take(worker: Worker, message: ClusterMessage): void {
  if (message.kind === 'changed') {
    // What is read after its end would come to life again.
    if (worker.isDead() && !worker.isConnected()) return
    let part = parts.live.get(partOf(worker)) as Remote | undefined
    if (part === undefined) parts.live.set(partOf(worker), (part = new Remote()))
    for (const change of message.changes) part.take(change)
  } else if (message.kind === 'started') {
    primary.silent.delete(worker.id)
    send(worker, { telltale: 'metrics', kind: 'ask', id: primary.waiting.get(worker.id)?.id ?? 0 })
  } else if (message.kind === 'answered') {
    primary.silent.delete(worker.id)
    const waiting = primary.waiting.get(worker.id)
    // An answer to an earlier question is older than what was asked for since.
    if (waiting === undefined || message.id < waiting.id) return
    primary.waiting.delete(worker.id)
    waiting.done()
  } else if (message.kind === 'render') {
    render(worker, message).catch((error: unknown) => {
      send(worker, { telltale: 'metrics', kind: 'failed', id: message.id, why: show(error) })
    })
  }
}

async function render(worker: Worker, request: ClusterMessage & { kind: 'render' }): Promise<void> {
  const { id, accept, acceptEncoding, names } = request
  const { contentType, contentEncoding, chunks } = await renderMetrics({ accept, acceptEncoding, names })
  const pieces = chunks.flatMap((chunk) => {
    const cut: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += pieceBytes) cut.push(chunk.subarray(at, at + pieceBytes))
    return cut
  })
  if (pieces.length === 0) pieces.push(new Uint8Array(0))
  const slices = new Slices()
  for (const [i, bytes] of pieces.entries()) {
    if (slices.isOver()) await slices.next()
    const piece = Buffer.from(bytes).toString('base64')
    const isLast = i === pieces.length - 1
    send(worker, { telltale: 'metrics', kind: 'rendered', id, contentType, contentEncoding, piece, isLast })
  }
}

function send(worker: Worker, message: ClusterMessage): void {
  // A worker that is going away tells so by an error that nobody could do anything about.
  if (worker.isConnected()) worker.process.send(message, undefined, undefined, () => undefined)
}
