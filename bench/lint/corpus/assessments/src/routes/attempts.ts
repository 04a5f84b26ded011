import { Hono } from 'hono'
import { z } from 'zod'
import { getLogger } from 'telltale'
import * as attempts from '../services/attempts.js'
import { attemptStore } from '../store/attempts.js'
import { canRead, canWrite } from '../policies/attempt-policy.js'
import type { Variables } from '../middleware/session.js'

const log = getLogger('attempts')
const StartBody = z.object({ assessmentId: z.string(), accommodations: z.array(z.string()).default([]) })
const AnswerBody = z.object({ value: z.unknown(), clientTime: z.number() })

export const attemptRoutes = new Hono<{ Variables: Variables }>()

attemptRoutes.post('/', async (c) => {
  const body = StartBody.safeParse(await c.req.json().catch(() => null)) //= catch: no  parse probe, answered with 400 below
  if (!body.success) return c.json({ error: 'invalid_body', issues: body.error.issues }, 400) //= return: no  answered with a reason

  const result = await attempts.start(c.get('user'), body.data)
  if (!result.ok) {
    return c.json({ error: result.error }, 409) //= return: no  answered with a reason
  }
  log.info('attempt_started', { attempt_id: result.value.id, user: c.get('user') }) //= no-sensitive-fields  the whole user
  return c.json(result.value, 201)
})

attemptRoutes.put('/:id/answers/:question', async (c) => {
  const { id, question } = c.req.param()
  const attempt = await attemptStore.find(id)
  if (!attempt || !canWrite(c.get('user'), attempt)) return c.notFound() //= return: no  answered by status

  const parsed = AnswerBody.safeParse(await c.req.json())
  if (!parsed.success) return c.body(null, 422) //= return: no  answered by status

  const saved = await attempts.saveAnswer(attempt, question, parsed.data)
  if (!saved) return c.json({ saved: false }) //= return: maybe  client learns it, but not why, and no log
  return c.json({ saved: true })
})

attemptRoutes.get('/:id', async (c) => {
  const attempt = await attemptStore.find(c.req.param('id'))
  if (!attempt) return c.notFound() //= return: no  answered by status
  if (!canRead(c.get('user'), attempt)) return c.notFound() //= return: no  answered by status
  if (c.req.header('if-none-match') === attempt.etag) return c.body(null, 304) //= return: no  cache answer

  return c.json(attempt, 200, { etag: attempt.etag })
})

attemptRoutes.post('/:id/submit', async (c) => {
  const attempt = await attemptStore.find(c.req.param('id'))
  if (!attempt) return c.notFound() //= return: no  answered by status
  try {
    const outcome = await attempts.submit(attempt)
    return c.json(outcome) //= return: no  the answer
  } catch (error) { //= catch: no  narrowed and answered, rest rethrown
    if (error instanceof attempts.AlreadySubmitted) return c.json({ error: 'already_submitted' }, 409) //= return: no  answered with a reason
    throw error
  }
})
