import type { Answer } from './answer.js'
import { changeLevels, showLevels } from './log-level.js'
import { showEvents } from './request-events.js'

/** What can be done on one path. */
export interface Control {
  readonly name: 'log_level' | 'request_events'
  readonly GET: () => Answer
  readonly PUT?: (body: object) => Answer
}

const eventsOf = /^\/requests\/([^/]+)\/events$/
// As request-id.ts accepts and makes them.
const requestId = /^[\w.~:-]{8,128}$/

/** The control on a path, taken as it is: nothing is decoded twice, folded or resolved. */
export function controlAt(path: string): Control | undefined {
  if (path === '/log/level') return { name: 'log_level', GET: showLevels, PUT: changeLevels }
  const id = decoded(eventsOf.exec(path)?.[1])
  if (id === undefined || !requestId.test(id)) return undefined
  return { name: 'request_events', GET: () => showEvents(id) }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}
