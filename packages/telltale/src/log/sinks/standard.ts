import { slot } from '../../state/state.js'
import { FdSink } from './fd.js'

// One each for the process: two would not know of each other's waiting bytes.
const made = slot('log.standard', () => new Map<'stdout' | 'stderr', FdSink>())

export function standardSink(stream: 'stdout' | 'stderr'): FdSink {
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
