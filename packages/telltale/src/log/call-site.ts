import { fileURLToPath } from 'node:url'

/** Where an event was raised. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly function?: string
}

const maxFrames = 20
// "at fn (file:line:column)", "at async fn (…)", "at file:line:column"
const frame = /^\s+at (?:(?:async )?(.*?) \()?(.+?):(\d+):\d+\)?$/

/** The frames of a stack outside of this package, as text, the innermost first. Costs microseconds. */
export function callerStack(): string {
  const holder: { stack?: string } = {}
  const former = Error.stackTraceLimit
  Error.stackTraceLimit = maxFrames
  Error.captureStackTrace(holder, callerStack)
  Error.stackTraceLimit = former
  const frames = String(holder.stack).split('\n').slice(1)
  const own = frames.findLastIndex((line) => ownFrame.test(line))
  return frames.slice(own + 1).join('\n')
}

// A bundler puts the service and this package into one file: there the class's name tells them apart.
const ownFrame = /\b(?:TelltaleLogger)\.|\btelltale[\\/](?:dist|src)[\\/]/

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
