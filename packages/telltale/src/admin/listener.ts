import type { Cluster } from 'node:cluster'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import { moveMetrics } from '../http/endpoints.js'
import { info } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { type Address, addressOf, isLoopback, urlOf } from './address.js'
import { boundConnections } from './connections.js'
import { adminHandler } from './handler.js'
import type { AdminOptions } from './options.js'
import { checkFree, SocketFile } from './socket-file.js'

const log = loggerNamed('telltale')

// For the client's part: head and body. An answer may take longer.
const limits = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
}

/** An open admin listener. It never keeps the process alive. */
export interface Listener {
  close(): void
}

/** Rejects where it can't listen. While it does, the metrics are here and, save in a cluster, no longer on the app. */
export async function openListener(options: AdminOptions): Promise<Listener> {
  const address = addressOf(options)
  const server = createServer(limits)
  boundConnections(server)
  server.on('request', adminHandler({ address, token: options.token }))
  server.unref()
  const close =
    'path' in address ? await onSocket(server, address.path) : await onPort(server, address, options)
  const url = urlOf(boundTo(server, address))
  // Workers share the app's port: where not all of them listen, scrapes of the app would fail now and then.
  if (!isClusterWorker()) moveMetrics(url)
  // Whatever the levels: who wants to change them has to know where, and a free port is known by nothing else.
  log.insist(info, 'admin_listening', { url })
  return {
    close: () => {
      moveMetrics(undefined)
      close()
    },
  }
}

async function onPort(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  { token }: AdminOptions,
): Promise<() => void> {
  await listening(server, { host, port })
  const close = (): void => closeAll(server)
  const { address } = server.address() as AddressInfo
  if (token === undefined && !isLoopback(address)) {
    close()
    throw new Error(`${host} means ${address}, which other machines can reach: admin.token is needed`)
  }
  return close
}

async function onSocket(server: Server, path: string): Promise<() => void> {
  await checkFree(path)
  const file = new SocketFile(path)
  const close = (): void => {
    closeAll(server)
    file.remove()
  }
  try {
    await listening(server, { path: file.birthplace })
    file.place()
  } catch (error) {
    close()
    throw error
  }
  return close
}

/** Each process of a cluster listens for itself: a change must not reach whichever is next. */
function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // It stays: an error later must not end the process.
    server.on('error', reject)
    server.listen({ ...options, exclusive: true }, resolve)
  })
}

function isClusterWorker(): boolean {
  // It is the cluster itself, as `require` gives it; the types have an ES module's namespace.
  return (process.getBuiltinModule('node:cluster') as unknown as Cluster).isWorker
}

function boundTo(server: Server, address: Address): Address {
  return 'path' in address ? address : { host: address.host, port: (server.address() as AddressInfo).port }
}

function closeAll(server: Server): void {
  server.close()
  server.closeAllConnections()
}
