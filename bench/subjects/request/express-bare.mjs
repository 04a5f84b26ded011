import express from 'express'
import { ready, saveAnswer, silent } from './handle.mjs'

const app = express()
app.use(express.json())
app.post('/assessments/:id/answers', (req, res) => res.json(saveAnswer(silent, req.params.id, req.body)))
const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))
