import { type Answer, json, problem, send } from './answer.js'
import type { Endpoint } from './endpoint.js'
import { showFlows } from './flows.js'
import { changeLevels, showLevels } from './log-level.js'
import { alive, group, metrics, ready, started } from './reads.js'
import { showEvents } from './request-events.js'
import { showRequests } from './requests.js'

interface Row {
  /** As people read it: `<…>` stands for one part of the path. */
  readonly path: string
  readonly about: string
  readonly can: 'GET' | 'GET or PUT'
  /** What answers; `part` is the text in place of `<…>`, decoded. */
  readonly at: (part: string) => Endpoint | undefined
}

// As request-id.ts accepts and makes them.
const requestId = /^[\w.~:-]{8,128}$/

/** Everything that the admin listener answers. The index at `/` and the 404 are made of it. */
const rows: readonly Row[] = [
  {
    path: '/',
    can: 'GET',
    about: 'this list',
    at: () => ({ purpose: 'health', answer: (req, res) => send(req, res, index()) }),
  },
  { path: '/metrics', can: 'GET', about: 'the metrics, for Prometheus', at: () => metrics },
  { path: '/health', can: 'GET', about: 'liveness', at: () => alive },
  { path: '/health/ready', can: 'GET', about: 'readiness, by check', at: () => ready },
  { path: '/health/startup', can: 'GET', about: 'whether the start is over', at: () => started },
  { path: '/health/<group>', can: 'GET', about: 'the checks of a group of your own', at: group },
  {
    path: '/log/level',
    can: 'GET or PUT',
    about: 'the log levels, and a change of them: {"levels":"info,db=debug","for_ms":600000}',
    at: () => ({ purpose: 'control', name: 'log_level', GET: showLevels, PUT: changeLevels }),
  },
  {
    path: '/requests',
    can: 'GET',
    about: 'requests under way, oldest first',
    at: () => ({ purpose: 'control', name: 'requests', GET: showRequests }),
  },
  {
    path: '/requests/<request_id>/events',
    can: 'GET',
    about: 'the recent events of a request under way, of any level',
    at: (id) =>
      requestId.test(id)
        ? { purpose: 'control', name: 'request_events', GET: () => showEvents(id) }
        : undefined,
  },
  {
    path: '/flows',
    can: 'GET',
    about: 'flows under way, oldest first',
    at: () => ({ purpose: 'control', name: 'flows', GET: showFlows }),
  },
]

const patterns = rows.map(({ path, at }) => ({
  pattern: new RegExp(`^${path.replace(/<\w+>/, '([^/]+)')}$`),
  at,
}))

/**
 * What answers on a path, taken as it is: nothing is decoded twice, folded or resolved. What probes and scrapers read may end
 * in a slash, as on the app.
 */
export function endpointAt(path: string): Endpoint | undefined {
  const exact = exactly(path)
  if (exact !== undefined || !/[^/]\/$/.test(path)) return exact
  const read = exactly(path.slice(0, -1))
  return read?.purpose === 'control' ? undefined : read
}

function exactly(path: string): Endpoint | undefined {
  for (const { pattern, at } of patterns) {
    const match = pattern.exec(path)
    const part = match && decoded(match[1] ?? '')
    if (part === null || part === undefined) continue
    const endpoint = at(part)
    if (endpoint !== undefined) return endpoint
  }
  return undefined
}

function index(): Answer {
  return json(200, {
    paths: Object.fromEntries(rows.map(({ path, can, about }) => [`${can} ${path}`, about])),
  })
}

export function notFound(): Answer {
  const known = rows.map(({ path, can }) => `${can} ${path}`).join(', ')
  return problem(404, 'not_found', `There is nothing here; there are ${known}.`)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
