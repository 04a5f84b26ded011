import { BroadcastChannel, isMainThread } from 'node:worker_threads'
import { slot } from '../../state/state.js'
import { setLevels } from '../levels.js'
import { levelChannel } from './shared.js'

const passed = slot('log.passedLevels', () => ({
  channel: undefined as BroadcastChannel | undefined,
  /** What was switched to since setup(); a worker that starts asks for it. */
  switched: undefined as string | undefined,
}))

const question = '?'

/** Tells the worker threads, those that start later too, of a change of levels while the process runs. */
export function passOnLevels(specification: string): void {
  passed.switched = specification
  if (passed.channel !== undefined) passed.channel.postMessage(specification)
}

/** Answers worker threads that ask for the levels in force. */
export function answerLevels(): void {
  channel().onmessage = (message: unknown) => {
    if (textOf(message) === question && passed.switched !== undefined) channel().postMessage(passed.switched)
  }
}

/** A worker thread follows the changes of levels of the others. */
export function followLevels(): void {
  if (isMainThread) {
    passed.switched = undefined
    return
  }
  channel().onmessage = (message: unknown) => {
    try {
      if (textOf(message) !== question) setLevels(textOf(message))
    } catch {
      // From another copy of the package, perhaps, that knows other levels.
    }
  }
  channel().postMessage(question)
}

function textOf(message: unknown): string {
  return String((message as { data: unknown }).data)
}

function channel(): BroadcastChannel {
  if (passed.channel !== undefined) return passed.channel
  const made = new BroadcastChannel(levelChannel)
  ;(made as unknown as { unref(): void }).unref()
  return (passed.channel = made)
}
