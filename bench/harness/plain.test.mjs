import { expect, test } from 'vitest'
import { plain } from './plain.mjs'
import { compare } from './verdict.mjs'

test('a result has its documented keys and no others', () => {
  const groups = [[{ telltale: 10, glue: 30 }]]
  const row = compare({
    name: 'cpu',
    unit: 'µs',
    groups,
    better: 'less',
    against: 'glue',
    goal: 2.5,
    note: 'a note',
  })
  expect(plain({ subject: 'request', rows: [row], ok: true, notes: ['another'], seconds: 4 })).toEqual({
    subject: 'request',
    rows: [
      {
        name: 'cpu',
        unit: 'µs',
        ours: 10,
        peers: { glue: 30 },
        ratios: { glue: 3 },
        ci: [3, 3],
        goal: 2.5,
        ok: true,
        undecided: true,
      },
    ],
    ok: true,
  })
})
