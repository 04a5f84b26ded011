import { Hono } from 'hono'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { processEmail } from '../intake/process-email.js'
import { handleBounce, type BounceNotice } from '../intake/bounces.js'
import { onChatMessage } from '../integrations/chat.js'
import { logEvent, logFailure } from '../log.js'
import { webhookCounter } from '../metrics.js'
import { settings } from '../settings.js'

export const hooks = new Hono()

function verified(signature: string | undefined, body: string): boolean {
  if (!signature) return false //= return: no  predicate
  const expected = createHmac('sha256', settings.hookSecret).update(body).digest()
  const given = Buffer.from(signature, 'hex')
  if (given.length !== expected.length) return false //= return: no  predicate
  return timingSafeEqual(given, expected)
}

hooks.use('*', async (c, next) => {
  const body = await c.req.text()
  if (!verified(c.req.header('x-signature'), body)) {
    logEvent('webhook_refused', { path: c.req.path, headers: c.req.header() }) //= no-sensitive-fields  whole headers
    return c.json({ error: 'signature' }, 401) //= return: no  logged and answered
  }
  webhookCounter.inc({ path: c.req.path, ip: c.req.header('x-forwarded-for') ?? '' }) //= bounded-labels  address of the caller as a label value
  await next()
})

hooks.post('/mail', async (c) => {
  const form = await c.req.parseBody()
  const raw = form['body-mime']
  if (typeof raw !== 'string') return c.json({ error: 'no_mime' }, 400) //= return: no  answered to the caller
  try {
    await processEmail(Buffer.from(raw))
    return c.body(null, 204) //= return: no  normal result
  } catch (error) { //= catch: no  logged and answered
    logFailure('intake_failed', error, { form }) //= no-sensitive-fields  whole form of the request
    return c.json({ error: 'retry' }, 503) //= return: no  logged and answered
  }
})

hooks.post('/bounces', async (c) => {
  let notices: BounceNotice[]
  try {
    notices = await c.req.json()
  } catch { //= catch: no  parse probe, answered with 400
    return c.text('bad json', 400) //= return: no  answered to the caller
  }
  for (const notice of notices) {
    try {
      await handleBounce(notice)
    } catch (error) { //= catch: no  logged, although as text
      logEvent('bounce_failed', { reason: String(error) }) //= error-with-context  error as text
    }
  }
  return c.body(null, 204)
})

hooks.post('/chat/:channel', async (c) => {
  const event = await c.req.json()
  if (event.type === 'url_verification') return c.json({ challenge: event.challenge }) //= return: no  handshake, answered
  if (event.bot_id) return c.body(null, 200) //= return: no  filter by sender, own messages
  void onChatMessage(c.req.param('channel'), event).catch((error) => { //= catch: no  logged
    logFailure('chat_message_failed', error, { channel: c.req.param('channel') })
  })
  return c.body(null, 200)
})
