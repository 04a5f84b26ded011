// Prints the export names of each entry, imported and required, and proves that both builds make one system.
import { createRequire } from 'node:module'
import assert from 'node:assert/strict'

const require = createRequire(import.meta.url)
const names = {}
for (const entry of process.argv.slice(2)) {
  const [imported, required] = [await import(entry), require(entry)]
  const own = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports')
  assert.deepEqual(
    own.toSorted(),
    Object.keys(required).toSorted(),
    `${entry}: both builds export the same names`,
  )
  for (const name of own) assert.notEqual(required[name], undefined, `${entry}: ${name}`)
  names[entry] = own
}

const [esm, cjs] = [await import('telltale'), require('telltale')]
assert.notEqual(esm.counter, cjs.counter, 'two builds were loaded')
assert.ok(Symbol.for('telltale') in globalThis)
const options = { service: 'consumer', log: { level: 'critical' }, lifecycle: { signals: false } }
assert.equal(esm.setup(options), cjs.setup(options), 'setup() of one build is known to the other')
const definition = { help: 'Things seen by either build.' }
assert.equal(esm.counter('seen_total', definition), cjs.counter('seen_total', definition), 'one registry')
await esm.withContext({ tenant_id: 't_1' }, async () => cjs.bindContext({ user_id: 'u_1' }))
await esm.setup(options).shutdown()
process.stdout.write(JSON.stringify(names))
