import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

export const dsnOf = (port) => `http://key@127.0.0.1:${port}/1`

/** Starts a service that reports to a receiver on `port`; resolves to it and the port it listens on. */
export async function startService(name, port, failing) {
  const child = startChild(here('service.mjs'), [name, dsnOf(port), String(failing)])
  return { child, port: (await child.next()).port }
}

export async function startReceiver() {
  const receiver = startChild(here('receiver.mjs'))
  return { receiver, port: (await receiver.next()).port }
}
