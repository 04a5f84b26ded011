import { fileURLToPath } from 'node:url'

/** Where an event was raised. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly function?: string
}

// Telltale's own come first, a dozen at most.
const maxFrames = 24
// "at fn (file:line:column)", "at async fn (…)", "at file:line:column"
const frame = /^\s+at (?:(?:async )?(.*?) \()?(.+?):(\d+):\d+\)?$/

/**
 * The frames of a call into this package, as text, the innermost first; empty where there are none to be had. Costs
 * microseconds, a frame each about.
 */
export function callerStack(): string {
  const holder: { stack?: unknown } = {}
  const former = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = maxFrames
    Error.captureStackTrace(holder, callerStack)
    // Formatted now, by the app's own `Error.prepareStackTrace` perhaps.
    const frames = String(holder.stack).split('\n').slice(1)
    let at = frames.findIndex((line) => ownFrame.test(line))
    while (at >= 0 && at < frames.length && ownFrame.test(frames[at]!)) at++
    return frames.slice(Math.max(at, 0)).join('\n')
  } catch {
    return ''
  } finally {
    Error.stackTraceLimit = former
  }
}

// A bundler puts the service and this package into one file: there the class's name tells them apart.
const ownFrame = /\bTelltaleLogger\.|\btelltale[\\/](?:dist|src)[\\/](?!.*\.test\.ts)/

/** The first frame of a stack; undefined where it can't be read. */
export function callSite(stack: string): CallSite | undefined {
  const found = frame.exec(stack.split('\n', 1)[0]!)
  if (found === null) return undefined
  const [, name, place, line] = found
  const file = place!.startsWith('file:') ? pathOf(place!) : place!
  return { file, line: Number(line), ...(name !== undefined && name !== '' && { function: name }) }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}
