// runs-case.mjs: a service whose checks write down when they begin and end; `runs` tells, and forgets.
import { endWithParent } from '../../harness/leash.mjs'
import { openService } from './services.mjs'

endWithParent()
const intervalMs = 250
const names = Array.from({ length: 8 }, (_, index) => `dependency_${index + 1}`)
const runs = Object.fromEntries(names.map((name) => [name, []]))
const checks = names.map((name) => [
  name,
  async () => {
    const begun = performance.now()
    // As a dependency that answers in no time: after this turn.
    await new Promise((resolve) => setImmediate(resolve))
    runs[name].push({ begun, ended: performance.now() })
  },
  { intervalMs },
])
const port = await openService('telltale', { checks })
process.on('message', () => process.send({ runs }))
process.send({ port, intervalMs })
