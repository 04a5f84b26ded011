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
const frame = /^\s+at (?:async )?(?:(.*?) \()?(.+?):(\d+):\d+\)?$/

/**
 * The frames of a call into this package, as text, the innermost first; empty where there are none to be had. Costs
 * microseconds, a frame each about.
 */
export function callerStack(): string {
  const frames = framesOf({}) ?? framesOf({ prepareStackTrace: undefined }) ?? []
  let at = frames.findIndex((line) => ownFrame.test(line))
  if (at < 0) return frames.join('\n')
  // Node's own frames between two of Telltale's: a console call, run in a context.
  for (let i = at; i < frames.length; i++) {
    if (ownFrame.test(frames[i]!)) at = i + 1
    else if (!frames[i]!.includes('node:')) break
  }
  return frames.slice(at).join('\n')
}

/** The frames of now; undefined where the app's own `Error.prepareStackTrace` makes something else of them. */
function framesOf(settings: { prepareStackTrace?: undefined }): string[] | undefined {
  const holder: { stack?: unknown } = {}
  const { stackTraceLimit, prepareStackTrace } = Error
  try {
    Object.assign(Error, { stackTraceLimit: maxFrames }, settings)
    Error.captureStackTrace(holder, callerStack)
    // Formatted when it is first read.
    const frames = typeof holder.stack === 'string' ? holder.stack.split('\n').slice(1) : []
    return frames.length === 0 ? undefined : frames
  } catch {
    // `Error` may be frozen, and another's `prepareStackTrace` may throw: the line goes without its place.
    return undefined
  } finally {
    restore({ stackTraceLimit, ...('prepareStackTrace' in settings && { prepareStackTrace }) })
  }
}

function restore(former: object): void {
  try {
    Object.assign(Error, former)
  } catch {
    // Frozen: then it was not changed either.
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
