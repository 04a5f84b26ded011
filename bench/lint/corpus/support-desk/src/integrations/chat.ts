import { eq } from 'drizzle-orm'
import { db } from '../db.js'
import { agents, channels, chatThreads, messages, tickets } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { chatApi } from './chat-api.js'
import { startTimer } from '../sla/timers.js'
import { notifyTeam } from '../notify/agents.js'

interface ChatEvent {
  type: 'message' | 'reaction' | 'joined'
  thread_id?: string
  text?: string
  user: string
}

export async function onChatMessage(channelKey: string, event: ChatEvent): Promise<void> {
  if (event.type !== 'message') return //= return: no  type filter on a parameter
  const text = event.text?.trim()
  if (!text) return //= return: no  emptiness guard on a parameter
  const channel = await db.query.channels.findFirst({ where: eq(channels.key, channelKey) })
  if (!channel) return //= return: yes  messages of a channel that is not set up get lost, customers wait
  if (channel.pausedAt) return //= return: yes  messages of a paused channel get lost

  const agent = await db.query.agents.findFirst({ where: eq(agents.chatId, event.user) })
  if (agent && !event.thread_id) return //= return: no  agents' talk among themselves, filter by sender
  if (event.thread_id) {
    const thread = await db.query.chatThreads.findFirst({ where: eq(chatThreads.externalId, event.thread_id) })
    if (!thread) return //= return: yes  an answer in an unknown thread is lost
    await db.insert(messages).values({ ticketId: thread.ticketId, body: text, author: agent ? 'agent' : 'customer' })
    return //= return: no  branch done
  }

  const profile = await chatApi.profile(event.user).catch(() => null) //= catch: yes  a failure of the chat service is swallowed
  const [ticket] = await db.insert(tickets).values({ subject: text.slice(0, 80), status: 'open', requester: profile?.name }).returning()
  await db.insert(messages).values({ ticketId: ticket.id, body: text, author: 'customer' })
  await startTimer(ticket.id, 'first_response')
  logEvent('ticket_created', { ticketId: ticket.id, channelId: channel.id })
  if (!channel.teamId) return //= return: maybe  no team for the channel: optional, or a set-up forgotten
  await notifyTeam(channel.teamId, 'mentioned', { ticketId: ticket.id })
}

export async function mirrorReply(messageId: string): Promise<void> {
  const message = await db.query.messages.findFirst({ where: eq(messages.id, messageId), with: { ticket: { with: { thread: true } } } })
  const thread = message?.ticket.thread
  if (!message || message.internal) return //= return: no  internal notes are not mirrored, type filter
  if (!thread) return //= return: no  the ticket did not come from a chat
  if (thread.archivedAt) return //= return: yes  the agent's answer never reaches the customer's archived chat
  try {
    const { id } = await chatApi.post(thread.externalId, message.body)
    await db.update(messages).set({ externalId: id }).where(eq(messages.id, messageId))
  } catch (error) { //= catch: no  logged
    logFailure('reply_not_mirrored', error, { messageId, threadId: thread.id })
  }
}
