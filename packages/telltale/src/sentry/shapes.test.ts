import { expect, it } from 'vitest'
import { shapeAttributes } from './attributes.js'
import { shapeEvent, shapeSpan } from './shapes.js'

const c = 'C4nary'

it.each<[name: string, value: unknown]>([
  ['db.query.parameter.0', c],
  ['db.operation.parameter.name', c],
  ['db.sql.bindings', [c]],
  ['params', c],
  ['bindings', [c]],
  ['values', c],
  ['gen_ai.input.messages', c],
  ['gen_ai.output.messages', c],
  ['gen_ai.response.text', c],
  ['gen_ai.tool.call.arguments', c],
  ['gen_ai.prompt.variable.age', 41],
  ['ai.prompt.messages', c],
  ['mcp.tool.result.content', c],
  ['mcp.request.argument.name', c],
  ['mcp.logging.message', c],
  ['messaging.message.body', c],
  ['graphql.source', c],
  ['graphql.document', c],
  ['graphql.variables.email', c],
  ['net.sock.peer.addr', '192.0.2.1'],
  ['sentry.user.email', 'a@b.example'],
  ['sentry.message.parameter.0', c],
])('%s does not leave', (name, value) => {
  const attributes = { [name]: { value, type: 'string' }, kept: 1 }
  shapeAttributes(attributes, false)
  expect(attributes).toEqual({ kept: 1 })
  const plain = { [name]: value }
  shapeAttributes(plain, false)
  expect(plain).toEqual({})
})

it('which model it was, and how much of it, stays', () => {
  const attributes = {
    'gen_ai.request.model': 'm-1',
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 12,
    'mcp.tool.name': 'search',
    'messaging.destination.name': 'orders',
    'graphql.operation.name': 'user',
    'http.response.status_code': 200,
  }
  const before = { ...attributes }
  shapeAttributes(attributes, false)
  expect(attributes).toEqual(before)
})

it('literals and queries do not leave in texts', () => {
  const sql = `select a from t where b = '${c}' and d = "${c}"`
  const shown = 'select a from t where b = ? and d = ?'
  const event = {
    message: `failed: ${sql}`,
    logentry: { message: sql, params: [c] },
    exception: { values: [{ value: `db failed: ${sql}` }] },
    breadcrumbs: [
      { type: 'query', category: 'orm', message: `x '${c}'` },
      { category: 'sql', message: sql, data: { sql, params: [c] } },
      { category: 'http', message: `GET http://h/a?email=${c}` },
    ],
    contexts: { db: { statement: sql, query: sql, deep: [{ sql }] } },
    extra: { statement: sql },
  }
  shapeEvent(event, false)
  expect(event).toEqual({
    message: `failed: ${shown}`,
    logentry: { message: shown },
    exception: { values: [{ value: `db failed: ${shown}` }] },
    breadcrumbs: [
      { type: 'query', category: 'orm', message: 'x ?' },
      { category: 'sql', message: shown, data: { sql: shown } },
      { category: 'http', message: 'GET http://h/a' },
    ],
    contexts: { db: { statement: shown, query: shown, deep: [{ sql: shown }] } },
    extra: { statement: shown },
  })
  const log = { body: sql, attributes: { sql: { value: sql, type: 'string' } } }
  shapeSpan(log, false)
  expect(log).toEqual({ body: shown, attributes: { sql: { value: shown, type: 'string' } } })
})

it('literals and queries do not leave in what is said besides', () => {
  const sql = `select a from t where b = '${c}'`
  const shown = 'select a from t where b = ?'
  const url = `https://h/a?email=${c}`
  const event = {
    transaction: `GET ${url}`,
    tags: { ran: sql, link: url },
    extra: { note: `ran ${sql}`, deep: { link: url, list: [[sql]] } },
    contexts: { db: { note: sql }, trace: { data: { note: sql } } },
    breadcrumbs: [{ message: 'm', data: { note: sql, deep: { link: url } } }],
    exception: { values: [{ value: 'x', mechanism: { data: { note: sql } } }] },
    fingerprint: [sql],
    logger: sql,
  }
  shapeEvent(event, false)
  expect(event).toEqual({
    transaction: 'GET https://h/a',
    tags: { ran: shown, link: 'https://h/a' },
    extra: { note: `ran ${shown}`, deep: { link: 'https://h/a', list: [[shown]] } },
    contexts: { db: { note: shown }, trace: { data: { note: shown } } },
    breadcrumbs: [{ message: 'm', data: { note: shown, deep: { link: 'https://h/a' } } }],
    exception: { values: [{ value: 'x', mechanism: { data: { note: shown } } }] },
    fingerprint: [shown],
    logger: shown,
  })
  const attributes = { note: { value: sql, type: 'string' }, list: { value: [sql, url, 5], type: 'array' } }
  shapeAttributes(attributes, false)
  expect(attributes).toEqual({
    note: { value: shown, type: 'string' },
    list: { value: [shown, 'https://h/a', 5], type: 'array' },
  })
})

it.each([
  [false, { message: 'slow' }],
  [true, { message: 'slow', contact_email: 'a@b.example', name: c }],
])('who gives feedback is told only where people may be: %j', (pii, feedback) => {
  const event = {
    contexts: { feedback: { message: 'slow', contact_email: 'a@b.example', name: c } },
  }
  shapeEvent(event, pii)
  expect(event.contexts.feedback).toEqual(feedback)
})

it('a query keeps its identifiers where its system is known', () => {
  const text = `select "id" from "t" where a = '${c}'`
  const span = { op: 'db', description: text, data: { 'db.system': 'postgresql', 'db.statement': text } }
  shapeSpan(span, false)
  expect(span.description).toBe('select "id" from "t" where a = ?')
  expect(span.data['db.statement']).toBe('select "id" from "t" where a = ?')
})

it('a query may be called after a URL', () => {
  const span = { op: 'db', description: `GET /x?email=${c}` }
  shapeSpan(span, false)
  expect(span.description).toBe('GET /x')
})
