import { slot } from '../state/state.js'
import { Bytes } from './expose/bytes.js'
import { text } from './expose/text.js'
import type { Family } from './family.js'
import { droppedFamily } from './self.js'
import { Slices } from '../state/slices.js'

/** The text format at once, for tests: metrics whose `collect` failed or returned a promise are left out. */
export function renderMetrics(): string {
  const { families } = slot<{ families: Map<string, Family> }>('metrics', () => ({ families: new Map() }))
  const fresh = [...families.values()].filter((family) => (family.collect?.(1000) ?? true) === true)
  void droppedFamily.collect?.(1000)
  for (const family of fresh) void family.expire?.(new Slices())
  const out = new Bytes()
  for (const family of [...fresh, droppedFamily].toSorted((a, b) =>
    a.definition.name < b.definition.name ? -1 : 1,
  )) {
    for (const _ of text.family(out, family));
  }
  return Buffer.concat(out.done()).toString()
}
