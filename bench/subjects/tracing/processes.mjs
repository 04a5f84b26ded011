import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** Starts a service that sends to a receiver on `port`; resolves to it and the port it listens on. */
export async function startService(name, port, rate, stdout) {
  const args = [name, `http://127.0.0.1:${port}`, String(rate)]
  const child = startChild(here('service.mjs'), args, { stdout })
  return { child, port: (await child.next()).port }
}

export async function startReceiver() {
  const receiver = startChild(here('receiver.mjs'))
  return { receiver, port: (await receiver.next()).port }
}
