import { expect, it } from 'vitest'
import type { SentryEvent } from './event.js'
import { withoutStatements } from './statements.js'

const sql = `insert into users (name) values ('C4nary')`
const shown = 'insert into users (name) values (?)'
const event = (more: object): SentryEvent => ({
  event_id: 'a'.repeat(32),
  timestamp: 1,
  platform: 'node',
  level: 'error',
  ...more,
})

it('literals leave no text, however it is called and wherever it stands', () => {
  const named = {
    request: { note: sql },
    transaction: { note: sql },
    sdk: sql,
    platform: sql,
    stacktrace: sql,
  }
  const safe = withoutStatements(
    event({
      logger: sql,
      tags: { transaction: sql },
      fingerprint: [sql],
      contexts: { fields: named, trace: { data: { sql } }, spans: [{ sql }] },
      breadcrumbs: { values: [{ message: sql, data: { deep: [[sql]] } }] },
      exception: { values: [{ value: sql, mechanism: { data: { stacktrace: sql } } }] },
    }),
  )
  expect(JSON.stringify(safe)).not.toContain('C4nary')
  expect(safe).toMatchObject({ logger: shown, contexts: { fields: { request: { note: shown } } } })
})

it('URLs end before their query, the request too', () => {
  const url = '/a/b?email=C4nary'
  const safe = withoutStatements(event({ request: { method: 'GET', url }, extra: { list: [url] } }))
  expect(safe).toEqual(event({ request: { method: 'GET', url: '/a/b' }, extra: { list: ['/a/b'] } }))
})

it('a route, and code, stay as they are', () => {
  const frames = [{ context_line: 'select(1)', filename: '/a#b?c' }]
  const kept = event({ transaction: 'GET /a/:id?', exception: { values: [{ stacktrace: { frames } }] } })
  expect(withoutStatements(kept)).toBe(kept)
})

it.each([
  [
    { sql, params: ['C4nary'], kept: 1 },
    { sql: shown, kept: 1 },
  ],
  [{ text: sql, values: { a: 'C4nary' } }, { text: shown }],
  [{ query: 'query q { user }', variables: { email: 'C4nary' } }, { query: 'query q { user }' }],
  [{ values: ['kept'] }, { values: ['kept'] }],
  [
    { note: 'said', params: ['kept'] },
    { note: 'said', params: ['kept'] },
  ],
])('parameters go with their statement: %j', (extra, safe) => {
  expect(withoutStatements(event({ extra }))).toEqual(event({ extra: safe }))
})

it('what PostgreSQL tells of a row goes', () => {
  const error = { severity: 'ERROR', routine: '_bt_check_unique', code: '23505', table: 'users' }
  const told = { ...error, detail: 'Key (email)=(C4nary) already exists.', where: 'C4nary' }
  const contexts = { Error: told, other: { detail: 'kept' } }
  expect(withoutStatements(event({ contexts }))).toEqual(
    event({ contexts: { Error: error, other: { detail: 'kept' } } }),
  )
})

it.each([
  [{ system: 'postgresql' }, 'select "id" from t where a = ?'],
  [{}, 'select ? from t where a = ?'],
])('quoted names stay where the system says what they are: %j', (beside, statement) => {
  const extra = { ...beside, statement: `select "id" from t where a = 'C4nary'` }
  expect(withoutStatements(event({ extra }))).toEqual(event({ extra: { ...beside, statement } }))
})
