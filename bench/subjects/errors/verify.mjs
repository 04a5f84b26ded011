import { startReceiver, startService } from './processes.mjs'
import { services } from './services.mjs'

const asked = 10

/** Nobody is measured broken: all services answer the same, and the errors of those that report arrive. */
export async function verify() {
  const { receiver, port } = await startReceiver()
  const bodies = new Set()
  try {
    for (const name of Object.keys(services)) {
      await receiver.ask('forget')
      const met = await ask(name, port, bodies)
      const { events } = await receiver.ask('count')
      const expected = services[name].reports ? met : 0
      if (events !== expected || met !== asked / 2)
        throw new Error(`${name}: of ${met} errors ${events} arrived, which should be ${expected}.`)
    }
  } finally {
    await receiver.stop()
  }
  if (bodies.size !== 1) throw new Error(`The services answer differently: ${[...bodies].join(' · ')}`)
  return 'all services give the same answers, and each error of those that report arrives once'
}

/** Returns how many errors the service met. */
async function ask(name, to, bodies) {
  const { child, port } = await startService(name, to, 2)
  try {
    for (let index = 0; index < asked; index++) {
      const answer = await fetch(`http://127.0.0.1:${port}/assessments/a_1`)
      bodies.add(`${answer.status} ${await answer.text()}`)
    }
    return (await child.ask('close', 30_000)).met
  } finally {
    await child.stop()
  }
}
