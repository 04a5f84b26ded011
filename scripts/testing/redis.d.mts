export interface RealRedis {
  /** `redis://127.0.0.1:PORT`: a new, empty server that keeps nothing on disk. */
  url: string
  port: number
  /** Kills the server: every connection is cut, its data is gone. The port is kept for `resume()`. */
  halt(): Promise<void>
  /** Starts an empty server on the same port; resolves when it takes connections. */
  resume(): Promise<void>
  /** Stops its process as it is (SIGSTOP): connections stay, and are taken by the kernel; nothing answers. */
  freeze(): void
  /** Lets it go on (SIGCONT). */
  thaw(): void
  /** Ends the server. May be called twice. Needs no call where the test process dies. */
  stop(): Promise<void>
}

/** For `requireBinary` and `describeWithBinary`. */
export const redisBinary: { name: 'redis-server'; install: string }

/**
 * A real Redis server from the installed binary, on a free loopback port. Throws with the server's own words when it can't
 * start.
 *
 * @example
 * describeWithBinary(redisBinary, 'against a real Redis', () => {
 *   let redis: RealRedis
 *   beforeAll(async () => (redis = await startRedis()))
 *   afterAll(() => redis.stop())
 * })
 */
export function startRedis(): Promise<RealRedis>
