// idle-case.mjs CHECKS: a process that does nothing but check so many dependencies, all of them well.
import { setTimeout as pause } from 'node:timers/promises'
import { endWithParent } from '../../harness/leash.mjs'
import { settledMemory } from '../../harness/memory.mjs'
import { openService } from './services.mjs'

endWithParent()
const [, , count] = process.argv
const isWell = async () => ({ rows: [1] })
const checks = Array.from({ length: Number(count) }, (_, index) => [`dependency_${index + 1}`, isWell, {}])
await openService('telltale', { checks })

const acts = {
  memory: () => settledMemory(),
  async idle(ms) {
    const before = process.cpuUsage()
    const begun = performance.now()
    await pause(ms)
    const { user, system } = process.cpuUsage(before)
    return { cpuMsPerSecond: (user + system) / (performance.now() - begun) }
  },
}
process.on('message', async ({ act, ms }) => process.send(await acts[act](ms)))
process.send({ ready: true })
