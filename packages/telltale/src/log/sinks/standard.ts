import { fstatSync } from 'node:fs'
import { slot } from '../../state/state.js'
import { FdSink } from './fd.js'

// One each for the process: two would not know of each other's waiting bytes.
const made = slot('log.standard', () => new Map<'stdout' | 'stderr', FdSink>())

/** The process's sink for a stream; one for both where they are the same pipe, or long lines of one would cut the other's. */
export function standardSink(stream: 'stdout' | 'stderr'): FdSink {
  if (stream === 'stderr' && isOnePipe()) return standardSink('stdout')
  let sink = made.get(stream)
  if (sink === undefined)
    made.set(
      stream,
      (sink = new FdSink(
        stream === 'stdout' ? 1 : 2,
        `standard ${stream === 'stdout' ? 'output' : 'error'}`,
      )),
    )
  return sink
}

function isOnePipe(): boolean {
  try {
    const [out, err] = [fstatSync(1), fstatSync(2)]
    return (out.isFIFO() || out.isSocket()) && out.ino !== 0 && out.ino === err.ino && out.dev === err.dev
  } catch {
    return false
  }
}
