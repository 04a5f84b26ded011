import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import { show } from '../../self/show.js'
import { slot } from '../../state/state.js'
import { elsewhere, type Exposition } from '../expose/exposition.js'
import type { Family } from '../family.js'
import type { Scrape } from '../expose/scrape-options.js'
import { mergeParts } from '../parts/merge.js'
import { parts } from '../parts/parts.js'
import { currentFamilies, scraped, screenLabels } from '../registry.js'
import { Slices } from '../../state/slices.js'
import { type Change, type ClusterMessage, isClusterMessage } from './message.js'
import { Pushed } from './push.js'

const pushMs = 1000
const collectMs = 150
// A primary that has asked or rendered before is one that can: then a scrape fails rather than that counters fall.
const firstRenderMs = 1000
const renderMs = 9000
const silenceMs = 60_000
// Of the time: what telling may cost where there is much to compare.
const share = 0.05
const maxExpositionBytes = 256 * 1024 * 1024

interface Waiting {
  readonly pieces: Buffer[]
  bytes: number
  readonly done: (exposition: Exposition) => void
  readonly fail: (why: string) => void
  /** The primary is not to be asked any more. */
  readonly lose: (why: string) => void
}

const worker = slot('metric-cluster-worker', () => ({
  on: false,
  pushed: new Pushed(),
  pushing: Promise.resolve() as Promise<void>,
  /** While what changed is told piece by piece. */
  isTelling: false,
  timer: undefined as NodeJS.Timeout | undefined,
  asked: 0,
  waiting: new Map<number, Waiting>(),
  hasPrimary: false,
  /** When a primary that never answered is asked again, while nobody waits for it. */
  silentUntil: undefined as number | undefined,
}))

/** From here on this process tells the primary of its metrics when it asks, and gives scrapes those of all. */
export function tellPrimary(): void {
  if (worker.on) return
  worker.on = true
  process.on('message', (message: unknown) => {
    if (isClusterMessage(message)) take(message)
  })
  process.on('disconnect', () => {
    for (const waiting of worker.waiting.values()) waiting.lose(gone)
  })
  process.on('exit', () => {
    // Those of threads take turns to put together.
    const isSilent = worker.silentUntil !== undefined && !worker.hasPrimary
    if (isSilent || parts.live.size + parts.ending.size + parts.kept.size > 0) return
    // What is begun may not have left: all is told again.
    const pushed = worker.isTelling ? new Pushed() : worker.pushed
    for (const _ of pushed.changes(currentFamilies(), sendChanges));
  })
  elsewhere.render = render
  // What the primary asked while this process loaded was heard by nobody.
  send({ telltale: 'metrics', kind: 'started', id: 0 })
}

const gone = 'the connection to the primary process is closed'

function take(message: ClusterMessage): void {
  worker.hasPrimary = true
  if (message.kind === 'ask') void answer(message.id)
  else if (message.kind === 'rendered') takePiece(message)
  else if (message.kind === 'failed') worker.waiting.get(message.id)?.fail(message.why)
}

async function answer(id: number): Promise<void> {
  await push(async () => [...(await scraped(undefined, collectMs)), ...failedGauges()])
  send({ telltale: 'metrics', kind: 'answered', id })
  worker.timer ??= setTimeout(tick, pushMs).unref()
}

async function tick(): Promise<void> {
  const begun = performance.now()
  await push(async () => {
    await screenLabels()
    const failed = failedGauges()
    const names = new Set(failed.map(({ definition }) => definition.name))
    const shown = currentFamilies().filter((family) => !failed.includes(family))
    return [...(await mergeParts(shown, ({ name }) => !names.has(name))), ...failed]
  })
  if (process.connected)
    worker.timer = setTimeout(tick, Math.max(pushMs, (performance.now() - begun) / share)).unref()
}

// A counter whose source failed stays at what it told: one that is gone looks like a reset when it is back.
const failedGauges = (): Family[] =>
  currentFamilies().filter(({ definition, hasFailed }) => hasFailed === true && definition.type === 'gauge')

/** One after the other: a piece of an earlier push must not come after a later one's. */
function push(families: () => Promise<Parameters<Pushed['changes']>[0]>): Promise<void> {
  const next = worker.pushing.then(async () => {
    const changes = worker.pushed.changes(await families(), sendChanges)
    const slices = new Slices()
    worker.isTelling = true
    try {
      for (const _ of changes) if (slices.isOver()) await slices.next()
    } finally {
      worker.isTelling = false
    }
  })
  // One that fails must not end those that follow.
  return (worker.pushing = next.catch((error: unknown) => {
    dropped('metric', 'push_failed')
    reportOnce('metric-push', `the metrics could not be told to the primary: ${show(error)}`)
  }))
}

async function render(options: Scrape): Promise<Exposition | undefined> {
  if (!process.connected) {
    // Its own numbers alone would look like counters that fall.
    if (worker.hasPrimary) throw new Error(gone)
    return undefined
  }
  if (worker.hasPrimary || worker.silentUntil === undefined) return askPrimary(options)
  if (performance.now() >= worker.silentUntil) {
    worker.silentUntil = performance.now() + silenceMs
    askPrimary(options).catch(() => {
      // It is asked again when the next silence is over.
    })
  }
  return undefined
}

function askPrimary(options: Scrape): Promise<Exposition | undefined> {
  const { accept, acceptEncoding, names, timeoutMs = Infinity } = options
  const id = ++worker.asked
  const waitMs = worker.hasPrimary ? Math.min(renderMs, timeoutMs * 0.9) : firstRenderMs
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      worker.waiting.delete(id)
    }
    const lose = (why: string): void => {
      end()
      if (worker.hasPrimary) reject(new Error(why))
      else resolve(undefined)
    }
    const timer = setTimeout(() => {
      if (!worker.hasPrimary) {
        worker.silentUntil = performance.now() + silenceMs
        reportOnce(
          'metric-cluster-primary',
          `the primary process of this cluster did not render the metrics within ${waitMs} ms, so this scrape has those of one process alone. Does the primary call setup()?`,
        )
      }
      lose(`the primary process did not render within ${waitMs} ms`)
    }, waitMs)
    const done = (exposition: Exposition): void => {
      end()
      resolve(exposition)
    }
    const fail = (why: string): void => {
      end()
      reject(new Error(why))
    }
    worker.waiting.set(id, { pieces: [], bytes: 0, done, fail, lose })
    send({ telltale: 'metrics', kind: 'render', id, accept, acceptEncoding, names })
  })
}

function takePiece(message: ClusterMessage & { kind: 'rendered' }): void {
  const waiting = worker.waiting.get(message.id)
  if (waiting === undefined) return
  const bytes = Buffer.from(message.piece, 'base64')
  waiting.pieces.push(bytes)
  waiting.bytes += bytes.length
  if (waiting.bytes > maxExpositionBytes) {
    return waiting.fail(`the metrics of all processes are larger than ${maxExpositionBytes} bytes`)
  }
  if (!message.isLast) return
  const { contentType, contentEncoding } = message
  waiting.done({
    contentType,
    ...(contentEncoding === 'gzip' && { contentEncoding }),
    chunks: waiting.pieces,
  })
}

const sendChanges = (changes: readonly Change[]): void =>
  send({ telltale: 'metrics', kind: 'changed', changes })

function send(message: ClusterMessage): void {
  // The primary may be gone: then nobody scrapes it either.
  if (process.connected) process.send!(message, undefined, undefined, () => undefined)
}
