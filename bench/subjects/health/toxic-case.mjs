// toxic-case.mjs PORTS: a service that checks eight dependencies, of which none is well; without ports, one that checks none.
import { endWithParent } from '../../harness/leash.mjs'
import { openService } from './services.mjs'

endWithParent()
const ports = JSON.parse(process.argv[2] ?? '{}')
const { checkHttp } = await import('telltale/checks')
// What takes time is checked twice, so that two of a kind hang at once.
const names = Object.keys(ports).flatMap((way) =>
  way === 'refuses' || way === 'flaps' ? [way] : [way, `${way}_too`],
)
const checks = names.map((name) => [
  name,
  checkHttp(`http://127.0.0.1:${ports[name.replace('_too', '')]}/`),
  // Readiness answers 200 all the same, and so does the load take it.
  { critical: false, timeoutMs: 1000, intervalMs: 1000 },
])
process.send({ port: await openService('telltale', { checks }) })
