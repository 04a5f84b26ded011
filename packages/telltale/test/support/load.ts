import { Agent } from 'node:http'
import { ask } from './client.js'

const connections = 16
const perSecond = 500

/** 500 requests a second over 16 connections that are kept open, or opened anew where the server closes them. */
export class Load {
  /** Ids of the requests that were answered whole with a 200. */
  readonly whole = new Set<string>()
  readonly failed: string[] = []
  readonly #port: number
  readonly #agents = Array.from({ length: connections }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  #isOver = false
  #ended: Promise<unknown> = Promise.resolve()

  constructor(port: number) {
    this.#port = port
  }

  start(): void {
    this.#ended = Promise.all(this.#agents.map((agent, name) => this.#client(agent, name)))
  }

  /** Sends no more; resolves when what was sent has ended. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#ended
    for (const agent of this.#agents) agent.destroy()
  }

  /** Each ends with its first failure: the server is gone. */
  async #client(agent: Agent, name: number): Promise<void> {
    const everyMs = (1000 / perSecond) * connections
    let next = performance.now() + (everyMs * name) / connections
    for (let n = 0; !this.#isOver; n++) {
      const id = `client-${name}-${n}`
      try {
        const path = `/small/${n % 25}`
        const { status, body } = await ask(this.#port, path, { agent, headers: { 'x-request-id': id } })
        if (status === 200 && body === 'y'.repeat(2000)) this.whole.add(id)
        else this.failed.push(`${id}: ${status}, ${body.length} characters`)
      } catch (error) {
        this.failed.push(`${id}: ${String(error)}`)
        return
      }
      next = Math.max(next + everyMs, performance.now())
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()))
    }
  }
}
