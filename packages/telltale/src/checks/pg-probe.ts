import { unobserved } from '../http/unobserved.js'
import type { PgPoolLike } from './pg.js'

interface Connection {
  query(text: string): unknown
  release(error?: Error | boolean): void
  on?(event: 'error', listener: () => void): unknown
  off?(event: 'error', listener: () => void): unknown
}

/** pg-pool 2 and 3 keep here what they have and make. */
interface Internals {
  readonly options?: { readonly max?: number }
  readonly _clients?: readonly { readonly connection?: { readonly stream?: { destroy?(): void } } }[]
}

/** One connection taken from a pool, asked and given back. */
export class PoolProbe {
  /** A run waits for it; a connection that comes when none does is given back unasked. */
  isWanted = true
  private connection: Connection | undefined
  private making: { destroy?(): void } | undefined

  constructor(private readonly pool: PgPoolLike) {}

  async run(): Promise<void> {
    const connection = await this.taken()
    this.making = undefined
    if (!this.isWanted) return connection.release()
    this.connection = connection
    // Outside a query a lost connection is an event, which ends the process where nobody listens.
    const lost = (): void => undefined
    connection.on?.('error', lost)
    try {
      await unobserved(() => connection.query('select 1'))
      this.giveBack()
    } catch (error) {
      this.giveBack(true)
      throw error
    } finally {
      connection.off?.('error', lost)
    }
  }

  /** What a run that gives up now has not got. */
  missing(): string {
    if (this.connection !== undefined) return 'the query was not answered'
    const { totalCount, idleCount, waitingCount } = this.pool
    const inUse = totalCount - idleCount
    const { max } = (this.pool as Internals).options ?? {}
    if (this.making !== undefined || (max !== undefined && inUse < max)) return 'no connection was made'
    const others = Math.max(0, waitingCount - 1)
    return `no connection of the pool was free: ${inUse} of ${max ?? totalCount} in use, ${others} waiting`
  }

  /**
   * Closes the connection that does not answer, or is not being made, so that the next run gets another. A place in the pool's
   * queue can't be given up: it is kept, and false returned.
   */
  giveUp(): boolean {
    this.isWanted = false
    this.making?.destroy?.()
    if (this.connection === undefined) return false
    this.giveBack(true)
    return true
  }

  private async taken(): Promise<Connection> {
    const { pool } = this
    const before = pool.totalCount
    const connecting = unobserved(() => (pool as unknown as { connect(): Promise<Connection> }).connect())
    // A connection of its own, which the pool puts last; nobody else can wait for it. As pg-pool ends it at its own time-out.
    if (pool.totalCount > before) this.making = (pool as Internals)._clients?.at(-1)?.connection?.stream
    return connecting
  }

  private giveBack(isBroken = false): void {
    const { connection } = this
    this.connection = undefined
    connection?.release(isBroken)
  }
}
