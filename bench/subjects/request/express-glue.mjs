import { randomUUID } from 'node:crypto'
import express from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { pinoOptions, requestContext, timeRequest } from './glue.mjs'
import { ready, saveAnswer } from './handle.mjs'

const logger = pino(pinoOptions)
const app = express()
// pino-http with its documented serializers: one line at the end of each request, with its request and response.
app.use(
  pinoHttp({
    logger,
    genReqId: (req, res) => {
      const id = req.headers['x-request-id'] ?? randomUUID()
      res.setHeader('x-request-id', id)
      return id
    },
  }),
)
app.use((req, res, next) => {
  const end = timeRequest()
  res.on('finish', () => end(req.method, req.route?.path ?? 'unmatched', res.statusCode))
  requestContext.run({ request_id: req.id, method: req.method, path: req.path }, next)
})
app.use(express.json())

// pino takes the fields first and the event's name as its message.
const log = { info: (event, fields) => logger.info(fields, event) }
app.post('/assessments/:id/answers', (req, res) => res.json(saveAnswer(log, req.params.id, req.body)))
const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))
