import { subscribe } from 'node:diagnostics_channel'
import { BroadcastChannel, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { dropped } from '../../self/dropped.js'
import { slot } from '../../state/state.js'
import { deliver } from '../deliver.js'
import { levels } from '../levels.js'
import { answerLevels } from './levels.js'
import {
  bequeath,
  channelOf,
  createCells,
  droppedAt,
  inherited,
  pendingAt,
  shareOf,
  slotOf,
} from './shared.js'

interface Receiving {
  cells: Int32Array<SharedArrayBuffer> | undefined
  readonly channels: Map<number, BroadcastChannel>
}

const receiving = slot<Receiving>('log.receiving', () => ({ cells: undefined, channels: new Map() }))

/**
 * From here on this thread writes the lines of the worker threads that it starts: one writer keeps their lines whole,
 * bounded and in one file. Workers without a `setup()` of their own take these settings over.
 */
export function receiveFromWorkers(settings: object): void {
  const isFirst = receiving.cells === undefined
  receiving.cells ??= new Int32Array(createCells())
  bequeath(receiving.cells.buffer, settings)
  // Published while the worker is made, whereas `process.on('worker')` waits for the end of this thread's turn: a worker
  // finds its channel open even where this thread is busy from its start on.
  if (isFirst) subscribe('worker_threads', (message) => listenTo((message as { worker: Worker }).worker))
}

function listenTo(worker: Worker): void {
  const { threadId } = worker
  answerLevels()
  const channel = new BroadcastChannel(channelOf(threadId))
  // Not yet in @types/node 20's class: https://nodejs.org/api/worker_threads.html#broadcastchannelunref
  ;(channel as unknown as { unref(): void }).unref()
  channel.onmessage = (message: unknown) => take(threadId, (message as { data: unknown }).data)
  receiving.channels.set(threadId, channel)
  Atomics.store(receiving.cells!, slotOf(threadId), threadId)
  Atomics.notify(receiving.cells!, slotOf(threadId))
  worker.once('exit', () => {
    takeRest(threadId, channel)
    channel.close()
    receiving.channels.delete(threadId)
    forget(threadId)
  })
}

/** What a worker counted and did not hand over before it was terminated would take room from the others for good. */
function forget(threadId: number): void {
  const at = shareOf(threadId)
  for (const other of receiving.channels.keys()) if (shareOf(other) === at) return
  Atomics.sub(receiving.cells!, pendingAt, Atomics.exchange(receiving.cells!, at, 0))
  // It may have come to count in one of the two cells alone.
  if (receiving.channels.size === 0) Atomics.store(receiving.cells!, pendingAt, 0)
  countDropped()
}

/** What workers have handed over and the event loop has not yet come to: before the process ends. */
export function takeAll(): void {
  for (const [threadId, channel] of receiving.channels) takeRest(threadId, channel)
  if (receiving.cells !== undefined) countDropped()
}

function takeRest(threadId: number, channel: BroadcastChannel): void {
  for (;;) {
    const next = receiveMessageOnPort(channel as never)
    if (next === undefined) return
    take(threadId, next.message)
  }
}

/** A message is lines and their levels in turn. */
function take(threadId: number, message: unknown): void {
  if (!Array.isArray(message)) return
  for (let i = 0; i + 1 < message.length; i += 2) {
    const [line, level] = [message[i] as unknown, message[i + 1] as unknown]
    if (typeof line !== 'string' || typeof level !== 'number' || levels[level] === undefined) continue
    Atomics.sub(receiving.cells!, pendingAt, line.length)
    Atomics.sub(receiving.cells!, shareOf(threadId), line.length)
    deliver(line, level)
  }
  countDropped()
}

/** Each thread's count goes to the thread that listens to it, and so to the main thread, which has the metrics. */
function countDropped(): void {
  const count = Atomics.exchange(receiving.cells!, droppedAt, 0)
  if (count === 0) return
  const from = inherited()
  if (from === undefined) dropped('log', 'full', count)
  else Atomics.add(new Int32Array(from.cells), droppedAt, count)
}
