import { currentScope, type Ids } from '../context/scope.js'
import { maskedPaths } from '../http/masked-paths.js'
import { slot } from '../state/state.js'
import { activeSpan } from '../trace/otel.js'
import { isPlain } from './attributes.js'

const censor = '[REDACTED]'
// The SDK sends spans and logs some seconds late.
const maxIds = 3000
const maxValues = 20
const maxCharacters = 1_000_000
// Deeper than what is sent.
const maxDepth = 24

/** What the paths of recent requests have lost, by their ids and traces. */
interface Known {
  readonly byId: Map<string, Set<string>>
  characters: number
}

const known = slot('sentry.path-secrets', (): Known => ({ byId: new Map(), characters: 0 }))

/** Remembers what the log takes out of requests' paths; returns what ends that. */
export function rememberPathSecrets(): () => void {
  maskedPaths.tell = remember
  return () => {
    maskedPaths.tell = undefined
    known.byId.clear()
    known.characters = 0
  }
}

function remember({ traceId, requestId }: Ids, path: string, masked: string): void {
  const kept = new Set(masked.split('/'))
  const lost = path.split('/').filter((part) => part !== '' && !kept.has(part))
  // A framework has them decoded.
  const values = lost.flatMap((part) => [part, decoded(part)])
  // Where the request began before the SDK's span, that is of another trace.
  for (const id of new Set([requestId, traceId, activeSpan()?.spanContext().traceId])) add(id, values)
}

function add(id: string | undefined, values: Iterable<string>): void {
  if (id === undefined) return
  const { byId } = known
  const former = byId.get(id) ?? new Set()
  byId.delete(id)
  byId.set(id, former)
  for (const value of values) {
    if (former.size >= maxValues || former.has(value)) continue
    former.add(value)
    known.characters += value.length
  }
  for (const [oldest, ofOldest] of byId) {
    if (byId.size <= maxIds && known.characters <= maxCharacters) return
    byId.delete(oldest)
    for (const value of ofOldest) known.characters -= value.length
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The same without what the paths of the requests with these ids have lost: as a part of any path, or where it is a whole text. */
export function withoutPathSecrets(value: unknown, ids: readonly unknown[]): unknown {
  const secrets = ids.flatMap((id) => [...(known.byId.get(String(id)) ?? [])])
  if (secrets.length === 0) return value
  // One may begin with another.
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length)
  return shown(value, longestFirst, 0)
}

/** The same of what is said within a request, in place: by itself it tells nobody whose it is. */
export function hideThisPathsSecrets(said: Record<string, unknown>, names: readonly string[]): void {
  const scope = currentScope()
  if (scope === undefined) return
  // Routers learn the route last.
  scope.resolve()
  for (const name of names) {
    const value = said[name]
    // A text with parameters is an object.
    const plain = value instanceof String ? String(value) : value
    const safe = withoutPathSecrets(plain, [scope.ids.requestId])
    if (safe !== plain) said[name] = safe
  }
}

/** The ids of the request, or of its trace, that an item is about. */
export function idsOf(payload: unknown): unknown[] {
  if (!isPlain(payload)) return []
  const { contexts, trace_id: own, transaction, tags } = payload
  const { trace } = isPlain(contexts) ? contexts : {}
  const { request_id: request } = isPlain(tags) ? tags : {}
  return [request, own, idIn(trace), idIn(transaction)].filter((id) => id !== undefined)
}

function idIn(of: unknown): unknown {
  return isPlain(of) ? of['trace_id'] : undefined
}

/** Itself where nothing changes. */
function shown(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return secrets.reduce(withoutPart, value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '…'
  if (Array.isArray(value)) {
    const all = value.map((each) => shown(each, secrets, depth + 1))
    return all.every((each, index) => each === value[index]) ? value : all
  }
  let copy: Record<string, unknown> | undefined
  for (const [name, each] of Object.entries(value)) {
    // A path may have an id of ours in it, which the protocol needs.
    const safe = isId.test(name) ? each : shown(each, secrets, depth + 1)
    if (safe !== each) (copy ??= { ...(value as Record<string, unknown>) })[name] = safe
  }
  return copy ?? value
}

const isId = /^(?:event|trace|span|parent_span|segment|profile)_id$/
const goesOn = /[\w%~-]/

function withoutPart(text: string, secret: string): string {
  if (text === secret) return censor
  const part = `/${secret}`
  let safe = ''
  let from = 0
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    const end = at + part.length
    if (goesOn.test(text[end] ?? '')) continue
    safe += `${text.slice(from, at)}/${censor}`
    from = end
  }
  return from === 0 ? text : safe + text.slice(from)
}
