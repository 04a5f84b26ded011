import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../../../scripts/testing/postgres.mjs'
import { startEntry } from './entry.js'

/** A database that a test can take away and bring back. */
export interface Database {
  url: string
  /** Cuts every connection at once, as a crash does. */
  halt(): Promise<void>
  /** The same data at the same place again. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** The example's own: PGlite in a process, its data in a new folder. */
export async function startEmbedded(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'assessments-'))
  const start = async (port: string) => {
    const entry = startEntry('database/embedded', { DATA_DIR: join(folder, 'data'), PORT: port })
    const { url } = await entry.line('ready', (line) => line['ready'] === true)
    return { entry, url: url as string }
  }
  let running = await start('0')
  const { url } = running
  return {
    url,
    halt: async () => {
      await running.entry.end('SIGKILL')
    },
    resume: async () => {
      running = await start(new URL(url).port)
    },
    stop: async () => {
      await running.entry.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A real server from installed binaries. */
export const startReal = (): Promise<Database> => startPostgres()
