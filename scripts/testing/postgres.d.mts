export interface RealPostgres {
  /** `postgres://test@127.0.0.1:PORT/postgres`: a new, empty server with trust authentication and fsync off. */
  url: string
  port: number
  /** Cuts every connection at once, as a crash does. Data and port are kept for `resume()`. */
  halt(): Promise<void>
  /** Starts the halted server again on the same port; resolves when it takes connections. */
  resume(): Promise<void>
  /** `halt()`, then `resume()`. */
  restart(): Promise<void>
  /** Stops its processes as they are (SIGSTOP): connections stay, and are taken by the kernel; nothing answers. Linux alone. */
  freeze(): void
  /** Lets them go on (SIGCONT). */
  thaw(): void
  /** Ends the server and removes its data. May be called twice. */
  stop(): Promise<void>
}

/** For `requireBinary` and `describeWithBinary`. */
export const postgresBinary: { name: 'postgres'; install: string }

/**
 * A real PostgreSQL server from the installed binaries, on a free loopback port.
 * Throws with the server's own words when it can't start.
 *
 * @example
 * describeWithBinary(postgresBinary, 'against a real PostgreSQL', () => {
 *   let pg: RealPostgres
 *   beforeAll(async () => (pg = await startPostgres()))
 *   afterAll(() => pg.stop())
 * })
 */
export function startPostgres(): Promise<RealPostgres>
