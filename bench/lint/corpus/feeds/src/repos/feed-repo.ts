import type { Pool } from 'pg'
import { componentLog } from '../log.js'
import type { RedisCache } from '../cache/redis-cache.js'

export interface Feed {
  id: string
  url: string
  siteUrl?: string
  title: string
  hub?: string
  etag?: string
  lastModified?: string
  pausedAt?: Date
  pinned: boolean
}

export class FeedRepo {
  private readonly log = componentLog('feed-repo')

  constructor(
    private readonly pool: Pool,
    private readonly cache: RedisCache<Feed>,
  ) {}

  async find(id: string): Promise<Feed | undefined> {
    const cached = await this.cache.get(id)
    if (cached) return cached //= return: no  cache hit
    const { rows } = await this.pool.query<Feed>('select * from feeds where id = $1', [id])
    if (rows.length === 0) return undefined //= return: no  getter
    await this.cache.set(id, rows[0]!)
    return rows[0]
  }

  async create(url: string): Promise<Feed> {
    try {
      const { rows } = await this.pool.query<Feed>('insert into feeds (url) values ($1) returning *', [url])
      return rows[0]! //= return: no  the result
    } catch (err: any) { //= catch: no  duplicate narrowed, rest rethrown
      if (err.code !== '23505') throw err
      const existing = await this.byUrl(url)
      return existing! //= return: no  narrowed duplicate gives the existing one
    }
  }

  async byUrl(url: string): Promise<Feed | undefined> {
    const { rows } = await this.pool.query<Feed>('select * from feeds where url = $1', [url])
    return rows[0]
  }

  async knownGuids(feedId: string, guids: string[]): Promise<Set<string>> {
    if (guids.length === 0) return new Set() //= return: no  emptiness guard on a parameter
    const { rows } = await this.pool.query('select guid from items where feed_id = $1 and guid = any($2)', [feedId, guids])
    return new Set(rows.map((row) => row.guid))
  }

  async merge(fromId: string, toId: string): Promise<void> {
    if (fromId === toId) return //= return: no  parameter guard, nothing to do
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      await client.query('update subscriptions set feed_id = $2 where feed_id = $1', [fromId, toId])
      await client.query('delete from feeds where id = $1', [fromId])
      await client.query('commit')
    } catch (err) { //= catch: no  rethrown
      await client.query('rollback').catch(() => undefined) //= catch: no  the first error is thrown on, the connection is released
      this.log.error({ fromId, toId, err }, 'merge rolled back') //= no-double-report  logged as error and rethrown
      throw err
    } finally {
      client.release()
    }
    await this.cache.invalidate(fromId)
  }

  async pause(id: string, reason: string): Promise<void> {
    const { rowCount } = await this.pool.query('update feeds set paused_at = now(), pause_reason = $2 where id = $1 and paused_at is null', [id, reason])
    if (rowCount === 0) return //= return: no  idempotent, paused before
    this.log.info({ feedId: id, reason }, 'feed paused')
    await this.cache.invalidate(id)
  }
}
