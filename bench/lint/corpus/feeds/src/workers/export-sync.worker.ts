import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import { polls } from '../metrics.js'
import type { HighlightRepo, Highlight } from '../repos/highlight-repo.js'
import type { IntegrationRepo, Integration } from '../repos/integration-repo.js'
import { clients, type ExportClient } from '../integrations/clients.js'

const log = componentLog('export-sync')
const PAGE = 100

async function* pages(repo: HighlightRepo, readerId: string, since: Date): AsyncGenerator<Highlight[]> {
  let cursor: string | undefined
  for (;;) {
    const { rows, next } = await repo.page(readerId, since, cursor, PAGE)
    if (rows.length === 0) return //= return: no  generator ends with the data
    yield rows
    if (!next) return //= return: no  generator ends with the data
    cursor = next
  }
}

export class ExportSyncWorker {
  private running = new Set<string>()

  constructor(
    private integrations: IntegrationRepo,
    private highlights: HighlightRepo,
  ) {}

  async process(job: Job<{ integrationId: string }>): Promise<void> {
    const { integrationId } = job.data
    if (this.running.has(integrationId)) return //= return: yes  sync is dropped while another one runs, no trace

    const integration = await this.integrations.get(integrationId)
    if (!integration || integration.disabledAt) return //= return: yes  why did my highlights never arrive: disabled or missing

    const client: ExportClient | undefined = clients[integration.kind]
    if (client === undefined) {
      log.error({ integrationId, kind: integration.kind }, 'no client for this kind of integration')
      return //= return: no  logged
    }

    this.running.add(integrationId)
    try {
      await this.sync(integration, client)
    } catch (err) { //= catch: yes  stored as a flag, the error is gone
      await this.integrations.markFailed(integrationId)
    } finally {
      this.running.delete(integrationId)
    }
  }

  private async sync(integration: Integration, client: ExportClient): Promise<void> {
    const token = await this.refreshed(integration, client)
    if (!token) return //= return: no  refreshed has logged why

    for await (const rows of pages(this.highlights, integration.readerId, integration.syncedAt)) {
      const { rejected, rateLimited } = await client.push(token, rows)
      if (rateLimited) return //= return: yes  sync stops half-way and says nothing
      if (rejected.length > 0) log.warn({ integrationId: integration.id, rejected: rejected.length }, 'highlights rejected')
      await this.integrations.synced(integration.id, rows.at(-1)!.createdAt)
    }
    polls.inc({ outcome: 'exported', feed: integration.id }) //= bounded-labels  id as label
  }

  private async refreshed(integration: Integration, client: ExportClient): Promise<string | null> {
    if (integration.expiresAt > Date.now() + 60_000) return integration.accessToken //= return: no  cache hit
    try {
      const fresh = await client.refresh(integration.refreshToken)
      await this.integrations.setToken(integration.id, fresh)
      return fresh.accessToken //= return: no  the result
    } catch (err) { //= catch: no  logged, with the token
      log.warn({ integrationId: integration.id, refreshToken: integration.refreshToken, err }, 'token not refreshed') //= no-sensitive-fields  the refresh token
      return null //= return: no  logged
    }
  }
}
