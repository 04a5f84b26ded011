import { withSourceLines } from '../errors/source-lines.js'
import { isPlain, shapeAttributes, valueOf } from './attributes.js'
import { withoutUndefined } from './event.js'
import { withoutQuery } from './queries.js'
import { statementOf, textOf } from './sql.js'
import { withoutTheirStatements } from './statements.js'

type Plain = Record<string, unknown>

const safeHeaders = new Set(['host', 'user-agent', 'content-type', 'content-length', 'accept'])

/** What a redacted event or transaction may still not tell: requests beyond their path, people, variables, literals. */
export function shapeEvent(event: Plain, pii: boolean): void {
  if (isPlain(event['request'])) event['request'] = requestOf(event['request'])
  if (isPlain(event['user'])) event['user'] = userOf(event['user'], pii)
  shapeTexts(event, ['transaction'])
  const { exception, threads, breadcrumbs, spans, contexts, logentry } = event
  if (isPlain(logentry)) delete logentry['params']
  for (const group of [exception, threads]) {
    for (const each of plains((group as Plain | undefined)?.['values'])) {
      const { stacktrace } = each
      shapeFrames(plains((stacktrace as Plain | undefined)?.['frames']))
    }
  }
  const crumbs = Array.isArray(breadcrumbs) ? breadcrumbs : (breadcrumbs as Plain | undefined)?.['values']
  for (const crumb of plains(crumbs)) shapeBreadcrumb(crumb)
  for (const span of plains(spans)) shapeSpan(span, pii)
  for (const [name, context] of Object.entries((contexts as Plain | undefined) ?? {})) {
    if (!isPlain(context)) continue
    if (isPlain(context['data'])) shapeAttributes(context['data'], pii)
    if (name === 'feedback' && !pii) for (const person of ['contact_email', 'name']) delete context[person]
  }
  Object.assign(event, withoutTheirStatements(event))
}

/** A span, alone or in a transaction, or a log, of version 10 or 11. */
export function shapeSpan(span: Plain, pii: boolean): void {
  const attributes = [span['data'], span['attributes']].filter(isPlain)
  const of = (name: string): unknown =>
    attributes.map((each) => valueOf(each[name])).find((each) => each !== undefined)
  const op = span['op'] ?? of('sentry.op')
  if (typeof op === 'string' && op.startsWith('db')) {
    const system = of('db.system.name') ?? of('db.system')
    for (const name of ['description', 'name'])
      if (typeof span[name] === 'string') span[name] = withoutQuery(statementOf(span[name], system))
  } else shapeTexts(span, ['description', 'name', 'body'])
  for (const each of attributes) shapeAttributes(each, pii)
}

function shapeBreadcrumb(crumb: Plain): void {
  const { type, category, message, data } = crumb
  const isQuery = [type, category].some(
    (each) => typeof each === 'string' && /^(?:query|sql|db)\b/.test(each),
  )
  if (isQuery && typeof message === 'string') crumb['message'] = statementOf(message)
  if (isPlain(data)) shapeAttributes(data, false)
}

function shapeTexts(of: Plain, names: readonly string[]): void {
  for (const name of names) if (typeof of[name] === 'string') of[name] = textOf(of[name])
}

/**
 * Lines of code are those of `errors.sourceLines`, made of the whole file: some lines alone don't tell what stands inside a
 * template or a comment that began above them.
 */
function shapeFrames(frames: Plain[]): void {
  const places = frames.map((frame) => ({
    file: textIn(frame, 'abs_path') ?? textIn(frame, 'filename'),
    line: typeof frame['lineno'] === 'number' ? frame['lineno'] : undefined,
    inApp: frame['in_app'] === true,
  }))
  // The protocol has the innermost call last.
  const sources = withSourceLines(places.toReversed().map(withoutUndefined)).toReversed()
  for (const [index, frame] of frames.entries()) {
    for (const name of ['vars', 'pre_context', 'context_line', 'post_context']) delete frame[name]
    const source = sources[index]?.source
    if (source === undefined) continue
    const { before, line, after } = source
    Object.assign(frame, { pre_context: before, context_line: line, post_context: after })
  }
}

function textIn(of: Plain, name: string): string | undefined {
  return typeof of[name] === 'string' ? of[name] : undefined
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

export function plains(value: unknown): Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : []
}
