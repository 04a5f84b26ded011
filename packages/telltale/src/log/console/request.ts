import { bold, cyan, dim, green, plain, red, yellow, type Style } from './colours.js'
import { duration } from './duration.js'
import { numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { segment, span, type Segment, type Span } from './layout.js'
import { field } from './values.js'
import { cut } from './width.js'

const endEvent = /^request_(completed|failed|aborted|stalled)$/
const drawn = ['method', 'path', 'route', 'status', 'duration_ms']
const maxPlace = 120

/** A request's end, `POST /assessments/:id/pay → 502   812 ms`, and the fields it has drawn. */
export interface RequestEnd {
  readonly phrase: Segment[]
  readonly fields: Segment[]
  readonly drawn: readonly string[]
}

/**
 * Draws a `request_*` event, or gives undefined where the entry isn't one. The route leads, since it is the same for all
 * requests of its kind; the ids that stood in its place follow as fields.
 */
export function requestEnd(entry: Entry, room: number): RequestEnd | undefined {
  const outcome = endEvent.exec(textOf(entry, 'event') ?? '')?.[1]
  const method = textOf(entry, 'method')
  const path = textOf(entry, 'path')
  const route = textOf(entry, 'route')
  if (outcome === undefined || method === undefined) return undefined
  const templated = route?.startsWith('/') === true
  const place = templated ? route : path
  if (place === undefined) return undefined

  const phrase = [
    segment(0, span(method.slice(0, 16), bold)),
    segment(1, span(cut(escapeText(place), maxPlace))),
    segment(1, span('→ ', dim), result(outcome, entry)),
  ]
  const took =
    numberOf(entry, 'duration_ms') ?? (outcome === 'stalled' ? numberOf(entry, 'age_ms') : undefined)
  if (took !== undefined) phrase.push(segment(3, span(duration(took), took >= 1000 ? yellow : plain)))
  const params = templated && path !== undefined && path !== route ? parameters(route, path) : []
  // A bound field, `assessment_id`, has often said it already under a better name.
  const unsaid = params.filter(([key, value]) => key === 'path' || !Object.values(entry).includes(value))
  const fields = unsaid.map(([key, value]) => field(key, value, room))
  // The whole id where someone will look for the rest of it.
  if (outcome !== 'completed' && textOf(entry, 'request_id') !== undefined) {
    fields.push(field('request_id', entry.request_id, room, true))
  }
  return { phrase, fields, drawn: outcome === 'stalled' ? [...drawn, 'age_ms'] : drawn }
}

function result(outcome: string, entry: Entry): Span {
  if (outcome === 'stalled') return span('still running', yellow)
  if (outcome === 'aborted') return span('aborted', yellow)
  const status = numberOf(entry, 'status')
  if (status === undefined) return span(outcome, outcome === 'failed' ? red : plain)
  return span(String(status), statusStyle(status))
}

function statusStyle(status: number): Style {
  if (status >= 500) return red
  if (status >= 400) return yellow
  return status >= 300 ? cyan : green
}

/** What stood in the path for each `:name` of the route; the path itself where the two don't run in step. */
function parameters(route: string, path: string): [string, string][] {
  const names = route.split('/')
  const values = path.split('/')
  const found: [string, string][] = []
  const inStep =
    names.length === values.length &&
    names.every((name, index) => {
      const value = values[index] ?? ''
      if (!/^:\w+$/.test(name)) return name === value
      found.push([name.slice(1), value])
      return true
    })
  return inStep ? found : [['path', path]]
}
