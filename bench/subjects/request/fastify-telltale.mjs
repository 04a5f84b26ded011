import Fastify from 'fastify'
import { getLogger, setup } from 'telltale'
import { fastifyLogger, observeFastify } from 'telltale/fastify'
import { ready, saveAnswer } from './handle.mjs'

setup({ service: 'assessments', version: '1.4.0' })
const log = getLogger('assessments')
const app = Fastify({ loggerInstance: fastifyLogger() })
await app.register(observeFastify)
app.post('/assessments/:id/answers', async (request) => saveAnswer(log, request.params.id, request.body))
await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server.address().port)
