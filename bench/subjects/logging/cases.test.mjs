import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cases } from './cases.mjs'

test.each(Object.entries(cases))(
  '%s has a program, and says how it writes',
  (name, { python, as, writes }) => {
    const program = new URL(python ? `${name}_case.py` : `${name}.mjs`, import.meta.url)
    expect(existsSync(program)).toBe(true)
    // Either in its own words or in those of another that has some.
    expect([writes, cases[as]?.writes].filter((text) => text !== undefined)).toHaveLength(1)
  },
)
