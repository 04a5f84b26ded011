import { BroadcastChannel, isMainThread } from 'node:worker_threads'
import { slot } from '../../state/state.js'
import { describeLevels } from '../levels.js'
import { levelChannel } from './shared.js'

/** A change of levels, as threads tell it each other. */
export interface LevelChange {
  /** As `setLevels` takes them. */
  readonly levels: string
  /** RFC 3339, where the change is for a time. */
  readonly until?: string | undefined
  /** What holds when a change for a time is over, where that has changed meanwhile. */
  readonly lasting?: string
  /** The change for a time is over: each thread goes back to what it had. */
  readonly isOver?: boolean
}

const passed = slot('log.passedLevels', () => ({
  channel: undefined as BroadcastChannel | undefined,
  /** What is in force since setup(), made here or in another thread: one for good, one for a time. */
  changes: [] as readonly LevelChange[],
  /** What this thread's last setup() made the levels. */
  applied: undefined as string | undefined,
  answers: false,
  /** Until the first change that is heard: an answer that comes later than a change is older than it. */
  asks: false,
  take: (_change: LevelChange): void => undefined,
}))

const question = '?'

/** Called with what takes over a change that another thread made: without an event, and without passing it on. */
export function whenSwitchedElsewhere(take: (change: LevelChange) => void): void {
  passed.take = take
}

/** Tells the other threads, those that start later too, of a change of levels while the process runs. */
export function passOnLevels(change: LevelChange): void {
  keep(change)
  passed.channel?.postMessage({ changes: [change] })
}

function keep(change: LevelChange): void {
  const lasting = passed.changes.filter(({ until }) => until === undefined)
  passed.asks = false
  if (change.isOver) passed.changes = lasting
  else passed.changes = change.until === undefined ? [change] : [...lasting, change]
}

/** A thread that has workers hears them, and answers those that ask for the levels in force. */
export function answerLevels(): void {
  passed.answers = true
  listen()
}

/** After setup(): a worker thread asks for the changes in force, the main thread ends those there were. */
export function followLevels(): void {
  const { changes, applied } = passed
  const levels = describeLevels()
  passed.applied = levels
  passed.changes = []
  if (!isMainThread) {
    passed.asks = true
    listen().postMessage(question)
  } else if (changes.length > 0 || (applied !== undefined && applied !== levels)) {
    passed.channel?.postMessage({ changes: [{ levels }] })
  }
}

function hear(message: unknown): void {
  if (message === question) {
    const { answers, changes } = passed
    if (answers && changes.length > 0) passed.channel!.postMessage({ changes, isAnswer: true })
    return
  }
  const { changes, isAnswer } = message as { changes: LevelChange[]; isAnswer?: boolean }
  if (isAnswer && !passed.asks) return
  for (const change of changes) {
    passed.take(change)
    keep(change)
  }
}

function listen(): BroadcastChannel {
  if (passed.channel !== undefined) return passed.channel
  const channel = new BroadcastChannel(levelChannel)
  ;(channel as unknown as { unref(): void }).unref()
  channel.onmessage = (message: unknown) => {
    try {
      hear((message as { data: unknown }).data)
    } catch {
      // From another copy of the package, perhaps, that knows other levels.
    }
  }
  return (passed.channel = channel)
}
