import { BroadcastChannel, isMainThread } from 'node:worker_threads'
import { slot } from '../../state/state.js'
import { setLevels } from '../levels.js'
import { levelChannel } from './shared.js'

const channels = slot('log.levelChannel', () => ({ open: undefined as BroadcastChannel | undefined }))

/** Tells the worker threads of a change of levels. */
export function passOnLevels(specification: string): void {
  channel().postMessage(specification)
}

/** A worker thread follows the changes of levels of the others. */
export function followLevels(): void {
  if (isMainThread) return
  channel().onmessage = (message: unknown) => {
    try {
      setLevels(String((message as { data: unknown }).data))
    } catch {
      // From another copy of the package, perhaps, that knows other levels.
    }
  }
}

function channel(): BroadcastChannel {
  if (channels.open !== undefined) return channels.open
  const made = new BroadcastChannel(levelChannel)
  ;(made as unknown as { unref(): void }).unref()
  return (channels.open = made)
}
