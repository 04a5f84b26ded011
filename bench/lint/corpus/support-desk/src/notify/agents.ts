import { eq } from 'drizzle-orm'
import webpush from 'web-push'
import { db } from '../db.js'
import { agents, notifications, pushEndpoints } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { mail } from './mail.js'
import { sockets } from './sockets.js'

type Kind = 'assigned' | 'overdue' | 'overdue_again' | 'bounced' | 'mentioned'

export async function notifyAgent(agentId: string, kind: Kind, data: Record<string, unknown>): Promise<void> {
  const agent = await db.query.agents.findFirst({ where: eq(agents.id, agentId), with: { preferences: true } })
  if (!agent?.active) return //= return: yes  the notification goes to a former agent, that is to nobody
  if (agent.preferences?.muted?.includes(kind)) return //= return: yes  dropped by preference, why was the agent not told
  await db.insert(notifications).values({ agentId, kind, data })
  const live = sockets.get(agentId)
  if (live) {
    live.send(JSON.stringify({ kind, data }))
    return //= return: no  branch done, delivered live
  }
  await push(agentId, kind)
  if (kind === 'mentioned' || kind === 'assigned') return //= return: no  type filter on a parameter
  await mail.send(agent.email, `agent-${kind}`, data)
}

async function push(agentId: string, kind: Kind): Promise<void> {
  const endpoints = await db.query.pushEndpoints.findMany({ where: eq(pushEndpoints.agentId, agentId) })
  await Promise.all(
    endpoints.map(async (endpoint) => {
      try {
        await webpush.sendNotification(endpoint.subscription, kind)
      } catch (error) { //= catch: no  narrowed to gone endpoints, the rest is logged
        if (error instanceof webpush.WebPushError && error.statusCode === 410) {
          await db.delete(pushEndpoints).where(eq(pushEndpoints.id, endpoint.id))
          return //= return: no  branch done
        }
        logFailure('push_failed', error, { agentId, endpointId: endpoint.id })
      }
    }),
  )
}

export async function notifyTeam(teamId: string, kind: Kind, data: Record<string, unknown>): Promise<void> {
  const members = await db.query.agents.findMany({ where: eq(agents.teamId, teamId) })
  const online = members.filter((member) => member.online)
  const targets = online.length > 0 ? online : members
  for (const member of targets) await notifyAgent(member.id, kind, data)
  console.log(`team ${teamId}: ${targets.length} notified`) //= no-console  console in production code
  logEvent('team_notified', { teamId, kind, count: targets.length })
}
