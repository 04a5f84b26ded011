import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { queryType, withoutLiterals } from './statement.js'

describe('withoutLiterals', () => {
  test.each([
    ["select * from users where name = 'Ann'", 'select * from users where name = ?'],
    ["select 'it''s', 'a' || 'b'", 'select ?, ? || ?'],
    ["select E'it\\'s \\\\', x", 'select ?, x'],
    ["select N'a', b'01', X'ff', U&'d\\0061t'", 'select ?, ?, ?, ?'],
    ['select $$it is $1$$, $tag$a $$ b$tag$', 'select ?, ?'],
    ['select * from t where a = $1 and b = $22', 'select * from t where a = $1 and b = $22'],
    ['select 1, 2.5, 1e10, 0xff, 1_000', 'select ?, ?, ?, ?, ?'],
    ['select t1.c2 from t1 where x9=5', 'select t1.c2 from t1 where x9=?'],
    ['select "a 1 \'b\'", c', 'select "a 1 \'b\'", c'],
    ['select a -- password is hunter2\nfrom t', 'select a from t'],
    ["select a /* it's 'x' */ from t", 'select a from t'],
    ['select  a\n\t from   t ', 'select a from t'],
    ["insert into t values ('a', 1), ('b', 2)", 'insert into t values (?, ?), (?, ?)'],
    ["select 'never ended", 'select ?'],
    ['select $$never ended', 'select ?'],
    ['select $body$never ended $$ $other$', 'select ?'],
    ['select a /* never ended', 'select a'],
    ["select a::text, b->>'key', c['k']", 'select a::text, b->>?, c[?]'],
    ["select a /* one /* it's */ 'two' */ from t", 'select a from t'],
    ["select /* /* /* */ 'x' */ 'y' */ 1, 'z'", 'select ?, ?'],
    ["select a /* /* */ 'never ended'", 'select a'],
    ['select a */ b', 'select a */ b'],
    ["select $é$it's$é$, $日本$a $$ $é$ b$日本$, $_1é$x$_1é$", 'select ?, ?, ?'],
    [`select $${'t'.repeat(80)}$hidden$${'t'.repeat(80)}$ from t`, 'select ? from t'],
    ["select a$x$, 'it$x$hidden'", 'select a$x$, ?'],
    ["select é$x$, 'it$x$hidden'", 'select é$x$, ?'],
    ["select namee'\\', 'hidden'", 'select namee?, ?'],
    ['select $1$$hidden$$', 'select $1?'],
    ["select a --it's\r, 'two\nhidden'", 'select a , ?'],
    ['', ''],
  ])('%s', (statement, expected) => {
    expect(withoutLiterals(statement)).toBe(expected)
  })

  test('a literal that the cut halves is gone whole', () => {
    for (const [open, close] of [
      ["'", "'"],
      ['$$', '$$'],
      ['$a$', '$a$'],
      ["E'", "'"],
      ['/* ', ' */'],
    ]) {
      const shown = withoutLiterals(`select ${'a, '.repeat(650)} ${open}${'secret '.repeat(100)}${close}`)
      expect(shown).not.toContain('secret')
      expect(shown).toMatch(/…\(\+\d+ chars\)$/)
      expect(shown.length).toBeLessThan(2100)
    }
  })

  test('no string literal comes through, whatever it holds', () => {
    const canary = 'Zq8vN2kT5x'
    const around = fc.string({
      unit: fc.constantFrom('a', ' ', '"', '$', '$$', '$1', '(', '-', '/', '*', '\n', 'E', ';'),
    })
    const literal = fc
      .string({ unit: fc.constantFrom("''", '\\', 'x', '"', '$$', '--', '/*', '\n') })
      .map((text) => `'${text}${canary}'`)
    fc.assert(
      fc.property(
        literal,
        fc.array(fc.constantFrom('select a,', 'where b =', '"Quoted"', '$1', 'and', 't1')),
        (text, words) => {
          expect(withoutLiterals(`${words.join(' ')} ${text} ${words.join(' ')}`)).not.toContain(canary)
        },
      ),
    )
    fc.assert(fc.property(around, (text) => void expect(withoutLiterals(text)).not.toContain('\n')))
  })
})

describe('queryType', () => {
  test.each([
    ['select 1', 'select'],
    ['  SELECT 1', 'select'],
    ['(select 1) union (select 2)', 'select'],
    ['-- a note\nselect 1', 'select'],
    ['/* a * note ** */ insert into t values (1)', 'insert'],
    ['update t set a = 1', 'update'],
    ['delete from t', 'delete'],
    ['begin', 'other'],
    ['create table t (id int)', 'other'],
    ['selection', 'other'],
    ['', 'other'],
    ['42', 'other'],
    ['with a as (select 1) select * from a', 'select'],
    ['with a as (select 1) insert into t select * from a', 'insert'],
    ['with a (x, y) as materialized (select 1, 2), b as (select 2) update t set x = 1', 'update'],
    ['with gone as (delete from a returning *) insert into b select * from gone', 'insert'],
    ["with a as (select 1 where kind = 'delete from') select * from a", 'select'],
    ['with a as (select 1 for update) select * from a', 'select'],
    ['with recursive a as (select 1 union all select ")" from a) delete from t', 'delete'],
    [`with a as (select ${'x, '.repeat(1500)} y) update t set x = 1`, 'update'],
  ])('%s', (statement, expected) => {
    expect(queryType(statement)).toBe(expected)
  })
})
