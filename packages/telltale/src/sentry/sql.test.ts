import { expect, it } from 'vitest'
import { statementOf, textOf } from './sql.js'

it.each([
  [
    `select "a" from t where b = 'x' and c = "y" and d = 3`,
    'select ? from t where b = ? and c = ? and d = ?',
  ],
  [`select $$a$$ /* b */ from \`t\``, 'select ? from `t`'],
  [`select 'it\\'s x' from t`, 'select ?…'],
  [`select "a\\"b x"`, 'select ?…'],
  [`select "open x`, 'select ?'],
])('%s | %s', (sql, shown) => {
  expect(statementOf(sql)).toBe(shown)
})

it('identifiers stay where the system has them in double quotes', () => {
  expect(statementOf(`select "u"."id" from "u" where a = 'x'`, 'postgresql')).toBe(
    'select "u"."id" from "u" where a = ?',
  )
})

it.each([
  [`db failed: insert into t values ('x', "y")`, 'db failed: insert into t values (?, ?)'],
  [`Failed query: update "t" set "a" = $1\nparams: x`, 'Failed query: update ? set ? = $1 …'],
  [`GET http://h/a?b=c: select 'x'`, 'GET http://h/a select ?'],
  ["update `t` as `t0` set `a` = 'x'", 'update `t` as `t0` set `a` = ?'],
  [`insert ignore into t set a='x'`, 'insert ignore into t set a=?'],
  [`delete u from t u where u.a like 'x'`, 'delete u from t u where u.a like ?'],
  [`set local app.tenant = 'x'`, 'set local app.tenant = ?'],
  [`SET app.tenant TO 'x'`, 'SET app.tenant TO ?'],
  [`call add_user('x')`, 'call add_user(?)'],
  [`alter user u identified by 'x'`, 'alter user u identified by ?'],
  [`can't set 'a' to 5 where 'b' is in use, call 'c'`, `can't set 'a' to 5 where 'b' is in use, call 'c'`],
  [`can't read "a" of 'b'`, `can't read "a" of 'b'`],
  [`update on table "orders" violates 3`, `update on table "orders" violates 3`],
])('%s | %s', (text, shown) => {
  expect(textOf(text)).toBe(shown)
})

// A rule that is not linear needs many minutes for these.
it('takes linear time for any text', { timeout: 30_000 }, () => {
  for (const part of [
    'select ',
    'insert ',
    'insert',
    'update a',
    'update a ',
    ' ',
    '"',
    "'",
    '\\',
    'a."',
    'set a',
    'set ',
    'where a ',
    'call a',
    'insert a ',
    '/?',
  ])
    expect(textOf(part.repeat(300_000))).toBeTypeOf('string')
  expect(textOf(`update ${'a.'.repeat(300_000)}`)).toBeTypeOf('string')
  for (const word of ['insert', 'set a', 'where', 'where a', 'call a', 'password'])
    expect(textOf(`${word}${' '.repeat(300_000)}`)).toBeTypeOf('string')
})
