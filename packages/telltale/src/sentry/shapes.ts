import { withoutLiterals as codeWithoutLiterals } from '../errors/literals.js'
import { withoutLiterals } from '../db/statement.js'
import { withoutQuery } from './queries.js'

type Plain = Record<string, unknown>

// What the SDK takes of requests and peers, under the names of OpenTelemetry's conventions, old and new, and its own.
const untold =
  /^(?:http\.(?:request|response)\.(?:header|cookies|body)(?:[._].*)?|http\.request_content|http\.query|http\.fragment|url\.query|url\.fragment|.*\.data|query_string|cookies|http\.client_ip|(?:client|source|network\.peer|net\.peer)\.(?:address|ip)|.*ip_address|user\.(?:email|name|username|full_name))$/
const urls =
  /^(?:url|url\.full|url\.path|http\.url|http\.target|http\.route|to|from|sentry\.segment\.name|.*\.name)$/
const statements = /^(?:db\.statement|db\.query\.text|db\.query|sql|query)$/
const safeHeaders = new Set(['host', 'user-agent', 'content-type', 'content-length', 'accept'])

/** What a redacted event or transaction may still not tell: requests beyond their path, people, variables, literals. */
export function shapeEvent(event: Plain, pii: boolean): void {
  if (isPlain(event['request'])) event['request'] = requestOf(event['request'])
  if (isPlain(event['user'])) event['user'] = userOf(event['user'], pii)
  if (typeof event['transaction'] === 'string') event['transaction'] = withoutQuery(event['transaction'])
  const { exception, threads, breadcrumbs, spans, contexts } = event
  for (const group of [exception, threads]) {
    for (const { stacktrace } of plains((group as Plain | undefined)?.['values']))
      for (const frame of plains((stacktrace as Plain | undefined)?.['frames'])) shapeFrame(frame)
  }
  const crumbs = Array.isArray(breadcrumbs) ? breadcrumbs : (breadcrumbs as Plain | undefined)?.['values']
  for (const crumb of plains(crumbs)) shapeBreadcrumb(crumb)
  for (const span of plains(spans)) shapeSpan(span, pii)
  for (const context of plains(Object.values((contexts as Plain | undefined) ?? {})))
    if (isPlain(context['data'])) shapeAttributes(context['data'], pii)
}

/** A span, alone or in a transaction, of version 10 or 11. */
export function shapeSpan(span: Plain, pii: boolean): void {
  const attributes = [span['data'], span['attributes']].filter(isPlain)
  const op =
    span['op'] ?? attributes.map((each) => valueOf(each['sentry.op'])).find((each) => each !== undefined)
  const isQuery = typeof op === 'string' && op.startsWith('db')
  for (const name of ['description', 'name']) {
    const text = span[name]
    if (typeof text === 'string') span[name] = isQuery ? withoutLiterals(text) : withoutQuery(text)
  }
  for (const each of attributes) shapeAttributes(each, pii)
}

/** Attributes as they are, or as `{ value, type }`. */
export function shapeAttributes(attributes: Plain, pii: boolean): void {
  for (const [name, each] of Object.entries(attributes)) {
    if (untold.test(name) && !(pii && name.startsWith('user.'))) {
      delete attributes[name]
      continue
    }
    const value = valueOf(each)
    if (typeof value !== 'string') continue
    if (statements.test(name)) set(attributes, name, withoutLiterals(value))
    else if (urls.test(name)) set(attributes, name, withoutQuery(value))
  }
}

function shapeBreadcrumb(crumb: Plain): void {
  const { category, message, data } = crumb
  const isQuery = typeof category === 'string' && /^(?:query|db)\b/.test(category)
  if (isQuery && typeof message === 'string') crumb['message'] = withoutLiterals(message)
  if (isPlain(data)) shapeAttributes(data, false)
}

function shapeFrame(frame: Plain): void {
  delete frame['vars']
  const { pre_context: before, context_line: line, post_context: after } = frame
  if (typeof line !== 'string') return
  const above = lines(before)
  // All together: a template may begin in one line and end in another.
  const shown = codeWithoutLiterals([...above, line, ...lines(after)].join('\n')).split('\n')
  frame['pre_context'] = shown.slice(0, above.length)
  frame['context_line'] = shown[above.length] ?? ''
  frame['post_context'] = shown.slice(above.length + 1)
}

function requestOf({ method, url, headers }: Plain): Plain {
  const kept = isPlain(headers)
    ? Object.entries(headers).filter(([name]) => safeHeaders.has(name.toLowerCase()))
    : []
  return {
    ...(method !== undefined && { method }),
    ...(typeof url === 'string' && { url: withoutQuery(url) }),
    ...(kept.length > 0 && { headers: Object.fromEntries(kept) }),
  }
}

function userOf({ id, email }: Plain, pii: boolean): Plain {
  return { ...(id !== undefined && { id }), ...(pii && email !== undefined && { email }) }
}

function valueOf(attribute: unknown): unknown {
  return isPlain(attribute) && 'value' in attribute ? attribute['value'] : attribute
}

function set(attributes: Plain, name: string, value: string): void {
  const former = attributes[name]
  attributes[name] = isPlain(former) ? { ...former, value } : value
}

function lines(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

export function plains(value: unknown): Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : []
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
