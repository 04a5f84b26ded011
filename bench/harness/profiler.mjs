// Loaded into a server before its own code (node --import): takes a CPU profile between two messages, so that starting
// and warming up are not in it.
import { Session } from 'node:inspector/promises'

const session = new Session()
process.on('message', async (message) => {
  if (message === 'profile') {
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    await session.post('Profiler.start')
    process.send({ started: true })
  } else if (message === 'profiled') {
    process.send(await session.post('Profiler.stop'))
  }
})
