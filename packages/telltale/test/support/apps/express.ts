import { createServer } from 'node:http'
import express from 'express'
import { observeExpress, observeExpressErrors } from '../../../src/adapters/express.js'
import { gate } from '../until.js'
import { type Adapter, chunks, countBody, log, paymentError, statusOfAct, work } from './app.js'
import { listening } from './listening.js'

export const expressAdapter: Adapter = {
  name: 'express',
  async start({ endpoints = {}, own = [], act } = {}) {
    const held = gate()
    const app = express()
    app.use(observeExpress(endpoints))
    app.use(express.json({ limit: 1024 }))

    app.get('/hello', (_req, res) => void res.json({ hello: 'world' }))
    app.use('/users/:id', ordersOfUser())
    app.get('/reset/:token', (_req, res) => {
      log.info('reset_asked')
      res.send('ok')
    })
    app.get('/work/:n/:ms', async (req, res) => {
      res.send(await work(req.params.n, Number(req.params.ms)))
    })
    app.get('/throw', () => {
      throw paymentError()
    })
    app.get('/reject', async () => {
      await Promise.resolve()
      throw paymentError()
    })
    app.get('/throw-text', () => {
      throw 'a text'
    })
    app.get('/reject-nothing', () => Promise.reject())
    app.get('/cut', async (_req, res) => {
      res.type('text/plain').write('chunk 0\n')
      await new Promise((resolve) => setImmediate(resolve))
      throw paymentError()
    })
    app.get('/stream', (_req, res) => void chunks().pipe(res.type('text/plain')))
    app.post('/count', async (req, res) => void res.json({ bytes: await countBody(req) }))
    app.post('/json', (req, res) => {
      log.info('json_read', { body: req.body as unknown })
      res.json(req.body)
    })
    app.get('/held', async (_req, res) => {
      await held.opened
      res.send('held')
    })
    app.get('/held-fail', async () => {
      await held.opened
      throw paymentError()
    })
    app.get('/held-body', async (_req, res) => {
      res.write('first,')
      await held.opened
      res.end('last')
    })
    app.get('/later', (_req, res) => {
      void held.opened.then(() => log.info('late_event'))
      res.send('ok')
    })
    app.get('/listeners', (_req, res) => {
      res.on('finish', () => log.info('response_finished'))
      res.on('close', () => log.info('response_closed'))
      res.send('ok')
    })
    app.get('/do', async (req, res) => void res.status(await statusOfAct(act, req.originalUrl)).send('done'))
    for (const path of own) app.get(path, (_req, res) => void res.send("the app's own"))
    app.use(observeExpressErrors())

    return { ...(await listening(createServer(app))), gate: held }
  },
}

function ordersOfUser(): express.Router {
  const router = express.Router({ mergeParams: true })
  router.get('/orders/:order', (req, res) => {
    log.info('order_read')
    res.json(req.params)
  })
  return router
}
