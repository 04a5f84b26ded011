import { subscribe } from 'node:diagnostics_channel'
import { BroadcastChannel, isMainThread, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { slot } from '../../state/state.js'
import { bury, parts } from '../parts/parts.js'
import { channelOf, isThreadMessage } from './message.js'
import { Mirror } from './mirror.js'
import { handOn } from './shared-store.js'

interface Heard {
  readonly channel: BroadcastChannel
  /** Thread ids of the worker and of those that it started, in turn. */
  readonly threads: Set<number>
}

const receiving = slot('metric-receiving', () => ({ on: false, heard: new Set<Heard>() }))

/**
 * From here on this thread hears of the metrics of worker threads that it starts, and of those that they start. In a
 * worker it only hands on what it hears. Idle it costs nothing.
 */
export function receiveMetrics(): void {
  if (receiving.on) return
  receiving.on = true
  // Published while the worker is made: nothing that it says is missed.
  subscribe('worker_threads', (message) => listenTo((message as { worker: Worker }).worker))
}

function listenTo(worker: Worker): void {
  const { threadId } = worker
  const channel = new BroadcastChannel(channelOf(threadId))
  ;(channel as unknown as { unref(): void }).unref()
  const heard: Heard = { channel, threads: new Set([threadId]) }
  channel.onmessage = (message: unknown) => take(heard, (message as { data: unknown }).data)
  receiving.heard.add(heard)
  worker.once('exit', () => {
    takeRest(heard)
    channel.close()
    receiving.heard.delete(heard)
    for (const id of heard.threads) take(heard, [id, 'exit'])
  })
}

/** What workers have told and the event loop has not yet come to. */
export function takeFromWorkers(): void {
  for (const heard of receiving.heard) takeRest(heard)
}

function takeRest(heard: Heard): void {
  for (;;) {
    const next = receiveMessageOnPort(heard.channel as never)
    if (next === undefined) return
    take(heard, next.message)
  }
}

function take(heard: Heard, message: unknown): void {
  if (!isThreadMessage(message)) return
  if (!isMainThread) return handOn(message)
  const [from, kind] = message
  const id = `thread ${from}`
  if (kind === 'exit') {
    heard.threads.delete(from)
    bury(id)
    return
  }
  heard.threads.add(from)
  let mirror = parts.live.get(id) as Mirror | undefined
  if (mirror === undefined) parts.live.set(id, (mirror = new Mirror()))
  mirror.take(message as Parameters<Mirror['take']>[0])
}
