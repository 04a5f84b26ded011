import { and, desc, eq, gte } from 'drizzle-orm'
import { jwtVerify, SignJWT } from 'jose'
import { db } from '../db.js'
import { answers, suppressions, surveys, tickets } from '../schema.js'
import { logEvent } from '../log.js'
import { mail } from '../notify/mail.js'
import { settings } from '../settings.js'
import { csatScore } from '../metrics.js'

const key = new TextEncoder().encode(settings.surveySecret)

export async function sendSurvey(ticketId: string): Promise<void> {
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ticketId), with: { customer: true, mailbox: true } })
  if (ticket?.status !== 'closed') return //= return: no  reopened meanwhile, filter by state
  if (!ticket.mailbox.surveyTemplate) return //= return: no  optional feature absent
  const { customer } = ticket
  if (!customer?.email) return //= return: yes  no survey for lack of an address
  const month = new Date(Date.now() - 30 * 86_400_000)
  const recent = await db.query.surveys.findFirst({
    where: and(eq(surveys.customerId, customer.id), gte(surveys.sentAt, month)),
    orderBy: desc(surveys.sentAt),
  })
  // one survey a month and customer
  if (recent) return //= return: no  commented with a reason
  const suppressed = await db.query.suppressions.findFirst({ where: eq(suppressions.email, customer.email) })
  if (suppressed) return //= return: yes  suppressed address, the survey is silently left out

  const token = await new SignJWT({ ticketId }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('30d').sign(key)
  await db.insert(surveys).values({ ticketId, customerId: customer.id, sentAt: new Date() })
  await mail.send(customer.email, ticket.mailbox.surveyTemplate, { link: `${settings.publicUrl}/survey/${token}` })
  logEvent('survey_sent', { ticketId, token }) //= no-sensitive-fields  the token that opens the survey
}

export async function recordAnswer(token: string, score: number, comment?: string): Promise<{ ok: boolean; reason?: string }> {
  let ticketId: string
  try {
    const { payload } = await jwtVerify(token, key)
    ticketId = String(payload.ticketId)
  } catch { //= catch: no  a probe of the token, the caller gets the reason
    return { ok: false, reason: 'bad_token' } //= return: no  result carries the reason
  }
  if (score < 1 || score > 5) return { ok: false, reason: 'bad_score' } //= return: no  result carries the reason
  const earlier = await db.query.answers.findFirst({ where: eq(answers.ticketId, ticketId) })
  if (earlier) {
    await db.update(answers).set({ score, comment }).where(eq(answers.id, earlier.id))
    return { ok: true } //= return: no  branch done
  }
  await db.insert(answers).values({ ticketId, score, comment })
  csatScore.observe({ ticket: ticketId }, score) //= bounded-labels  ticket id as a label value
  return { ok: true }
}
