import { cases, python } from './cases.mjs'
import { verify } from './cost.mjs'
import { ways } from './ways.mjs'

/** Throws where a logger does not write what it is measured for, on standard output and by its own file transport. */
export async function verifyAll() {
  const checks = []
  for (const [variant, { transport, python: needsPython }] of Object.entries(cases)) {
    if (needsPython && python === undefined) continue
    checks.push(() => verify(variant))
    if (transport) checks.push(() => verify(variant, { transport }))
  }
  for (const [way, { writes }] of Object.entries(ways))
    if (way !== 'plain') checks.push(() => verify('telltale', { way, ...writes }))
  // Nothing is measured here: two at a time.
  const worker = async () => {
    for (let check = checks.pop(); check !== undefined; check = checks.pop()) await check()
  }
  await Promise.all([worker(), worker()])
}
