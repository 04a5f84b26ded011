// service.mjs SERVICE: one service on a port of its own, its dependencies well.
import { answerMarks } from '../../harness/measured.mjs'
import { answered, openService } from './services.mjs'

const [, , name] = process.argv
const port = await openService(name)
answerMarks(answered)
process.send({ port })
