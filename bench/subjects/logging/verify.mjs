import { cases, python } from './cases.mjs'
import { verify } from './cost.mjs'
import { ways } from './ways.mjs'

/** Throws where a logger does not write what it is measured for, on standard output and by its own file transport. */
export async function verifyAll() {
  for (const [variant, { transport, python: needsPython }] of Object.entries(cases)) {
    if (needsPython && python === undefined) continue
    await verify(variant)
    if (transport) await verify(variant, { transport })
  }
  for (const [way, { writes }] of Object.entries(ways)) {
    if (way !== 'plain') await verify('telltale', { way, ...writes })
  }
}
