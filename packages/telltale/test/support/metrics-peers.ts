import { createRequire } from 'node:module'
import * as promClient from 'prom-client'
import * as prometheusIo from '@prometheus-io/client'

const require = createRequire(import.meta.url)

/** A metrics client that ours is compared with. */
export interface Peer {
  /** `prom-client 15.1.3`: the version is the installed one. */
  readonly name: string
  readonly client: typeof promClient
}

export const promClient15: Peer = { name: named('prom-client'), client: promClient }

/** Of the same descent, so the types of prom-client hold for what the tests call. */
export const prometheusIo16: Peer = {
  name: named('@prometheus-io/client'),
  client: prometheusIo as unknown as typeof promClient,
}

export const eachPeer: readonly (readonly [name: string, peer: Peer])[] = [promClient15, prometheusIo16].map(
  (peer) => [peer.name, peer] as const,
)

/** What a failed expectation about a peer means. */
export function mended(peer: string): string {
  return `${peer} no longer has this defect: take it out of this test and of what the docs say about this client`
}

/** The name with the installed version. */
export function named(name: string): string {
  return `${name} ${(require(`${name}/package.json`) as { version: string }).version}`
}

/** The samples of a text exposition as written, without comments. */
export function sampleLines(text: string, name = ''): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line.startsWith(name))
}
