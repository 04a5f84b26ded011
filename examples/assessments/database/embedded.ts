// PostgreSQL in a process of its own, with nothing to install: PGlite behind a socket, spoken to by the real driver.
//   node dist/database/embedded.js [DATA_DIR]     PORT=0 takes a free port
// The first line of stdout is {"ready":true,"url":"postgres://…"}. SIGTERM and SIGINT close it cleanly.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { lockFolder } from './folder-lock.js'
import { shareSession } from './shared-session.js'

const DEFAULT_FOLDER = fileURLToPath(new URL('../../.telltale/data', import.meta.url))
const MAX_CONNECTIONS = 32

const folder = resolve(process.argv[2] ?? process.env.DATA_DIR ?? DEFAULT_FOLDER)
const port = Number(process.env.PORT ?? 0)

const opened = open()
// Asked to end while the folder opens (seconds, the first time), it opens first: then there is something to close.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void opened.then((close) => close()).then(() => process.exit(0))
  })
}

try {
  await opened
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function open(): Promise<() => Promise<void>> {
  const unlock = lockFolder(folder)
  try {
    const db = shareSession(await PGlite.create(folder))
    const server = new PGLiteSocketServer({ db, port, maxConnections: MAX_CONNECTIONS })
    await server.start()
    const url = `postgres://postgres@${server.getServerConn()}/postgres`
    process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`)
    return async () => {
      await server.stop()
      await db.close()
      unlock()
    }
  } catch (error) {
    unlock()
    throw error
  }
}
