// service.mjs SERVICE ENDPOINT RATE: one service on a port of its own; `close` ends it once all that was to leave has left.
import { answerMarks } from '../../harness/measured.mjs'
import { answered } from './handle.mjs'
import { openService } from './services.mjs'

const [, , name, endpoint, rate] = process.argv
const { server, close } = await openService(name, endpoint, Number(rate))
answerMarks(answered)
process.on('message', async (message) => {
  if (message !== 'close') return
  await close()
  process.send({ answered: answered() })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
