// service.mjs SERVICE DSN FAILING: one service on a port of its own; `close` ends it once all that was to leave has left.
import { answerMarks } from '../../harness/measured.mjs'
import { counts } from './handle.mjs'
import { openService } from './services.mjs'

const [, , name, dsn, failing] = process.argv
const { server, close } = await openService(name, dsn, Number(failing))
answerMarks(() => counts().served)
process.on('message', async (message) => {
  if (message !== 'close') return
  await close()
  process.send(counts())
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
