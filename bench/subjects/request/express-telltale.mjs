import express from 'express'
import { getLogger, setup } from 'telltale'
import { observeExpress, observeExpressErrors } from 'telltale/express'
import { ready, saveAnswer } from './handle.mjs'

setup({ service: 'assessments', version: '1.4.0' })
const log = getLogger('assessments')
const app = express()
app.use(observeExpress())
app.use(express.json())
app.post('/assessments/:id/answers', (req, res) => res.json(saveAnswer(log, req.params.id, req.body)))
app.use(observeExpressErrors())
const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))
