import Fastify from 'fastify'
import { ready, saveAnswer, silent } from './handle.mjs'

const app = Fastify()
app.post('/assessments/:id/answers', async (request) => saveAnswer(silent, request.params.id, request.body))
await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server.address().port)
