import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * What the network does to a dependency: `normal`; `refuse` connections, and cut those there are; take them and `hang`, until
 * another mode lets through what was held; take them into a `hole`, from which none returns in any mode; `slow`, each
 * piece after a delay; `half-close`, ending the server's direction at once; `flap`, refusing every other half second.
 */
export type Mode = 'normal' | 'refuse' | 'hang' | 'hole' | 'slow' | 'half-close' | 'flap'

const slowMs = 400
const flapMs = 500

interface Link {
  readonly client: Socket
  readonly upstream: Socket
  isLost: boolean
}

/** A loopback proxy in front of a real server; a test switches what it does. */
export class Toxic {
  port = 0
  /** Connections taken so far. */
  taken = 0
  /** How often `flap` has closed or opened the port. */
  turns = 0
  private mode: Mode = 'normal'
  private readonly links = new Set<Link>()
  private readonly server = createServer({ allowHalfOpen: true }, (client) => this.take(client))
  private readonly held = new Set<() => void>()
  private flapping: NodeJS.Timeout | undefined
  private switching = Promise.resolve()

  private constructor(private readonly upstreamPort: number) {}

  static async before(upstreamPort: number): Promise<Toxic> {
    const toxic = new Toxic(upstreamPort)
    await toxic.listen(true)
    return toxic
  }

  /** Connections that their client has not ended. */
  get open(): number {
    return [...this.links].filter(({ client }) => !client.readableEnded).length
  }

  async become(mode: Mode): Promise<void> {
    clearInterval(this.flapping)
    this.mode = mode
    if (mode === 'hole') for (const link of this.links) link.isLost = true
    if (mode === 'half-close') for (const { client } of this.links) client.end()
    await this.listen(mode !== 'refuse')
    let listens = true
    if (mode === 'flap') {
      this.flapping = setInterval(() => {
        this.turns++
        void this.listen((listens = !listens))
      }, flapMs)
    }
    for (const go of this.held) go()
    this.held.clear()
  }

  close(): Promise<void> {
    return this.become('refuse')
  }

  private listen(listens: boolean): Promise<void> {
    this.switching = this.switching.then(() => (listens ? this.openPort() : this.closePort()))
    return this.switching
  }

  private async openPort(): Promise<void> {
    for (let tries = 1; !this.server.listening; tries++) {
      this.server.listen(this.port, '127.0.0.1')
      try {
        await once(this.server, 'listening')
        this.port = (this.server.address() as AddressInfo).port
      } catch (error) {
        // While it was closed, another process's connection may have got the port.
        if (tries === 20) throw error
        await wait(50)
      }
    }
  }

  private async closePort(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    for (const { client, upstream } of this.links) {
      client.resetAndDestroy()
      upstream.destroy()
    }
    await closed
  }

  private take(client: Socket): void {
    this.taken++
    const upstream = connect(this.upstreamPort, '127.0.0.1')
    const link: Link = { client, upstream, isLost: this.mode === 'hole' }
    this.links.add(link)
    const over = (): void => {
      this.links.delete(link)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', over).on('close', over)
    if (this.mode === 'half-close') client.end()
    this.carry(link, client, upstream)
    this.carry(link, upstream, client)
  }

  private carry(link: Link, from: Socket, to: Socket): void {
    let before = Promise.resolve()
    const pass = (act: () => void): void => {
      before = before
        .then(() => this.passed(link))
        .then(() => {
          if (to.writable) act()
        })
    }
    from.on('data', (data) => pass(() => to.write(data)))
    from.on('end', () => pass(() => to.end()))
  }

  /** Resolves when a piece may go on. */
  private async passed(link: Link): Promise<void> {
    while (link.isLost || this.mode === 'hang')
      await new Promise<void>((resolve) => !link.isLost && this.held.add(resolve))
    if (this.mode === 'slow') await wait(slowMs)
  }
}
