import type { ServerResponse } from 'node:http'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'

/** Calls `act` once the response, whose client has left, is answered with: Node raises no event then, and mostly writes no head. */
export function whenAnswered(res: ServerResponse, act: () => void): void {
  try {
    for (const name of ['write', 'end'] as const) {
      const theirs = res[name] as (...given: unknown[]) => unknown
      const ours = function (this: ServerResponse, ...given: unknown[]): unknown {
        process.nextTick(act)
        return Reflect.apply(theirs, this, given)
      }
      Object.assign(res, { [name]: ours })
    }
    res.once('pipe', act)
  } catch (problem) {
    // The application may have put something of its own over it.
    reportOnce('when-answered', `an answer to a client that has left can't be seen: ${show(problem)}`)
  }
}
