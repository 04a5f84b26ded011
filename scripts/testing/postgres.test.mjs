import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { requireBinary } from './binaries.mjs'
import { postgresBinary, startPostgres } from './postgres.mjs'

// pg belongs to the workspaces that use it.
const { Client } = createRequire(new URL('../../packages/telltale/package.json', import.meta.url))('pg')

test('a real PostgreSQL server starts, goes away, returns with its data, freezes and is removed', async () => {
  requireBinary(postgresBinary)
  const pg = await startPostgres()
  try {
    expect(await query(pg.url, 'show fsync')).toEqual([{ fsync: 'off' }])
    const [{ data_directory: folder }] = await query(pg.url, 'show data_directory')
    await query(pg.url, 'create table kept (id int)')

    await pg.halt()
    await expect(connect(pg.port)).rejects.toThrow('ECONNREFUSED')
    await pg.resume()
    expect(await query(pg.url, 'select id from kept')).toEqual([])

    await pg.restart()
    expect(await query(pg.url, 'select 1 as one')).toEqual([{ one: 1 }])

    pg.freeze()
    const asked = query(pg.url, 'select 1 as one')
    expect(await Promise.race([asked, later()])).toBe('later')
    pg.thaw()
    expect(await asked).toEqual([{ one: 1 }])

    // Frozen, it ends all the same.
    pg.freeze()
    await pg.stop()
    expect(existsSync(folder)).toBe(false)
  } finally {
    await pg.stop()
  }
})

async function query(url, sql) {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const later = () => new Promise((resolve) => setTimeout(resolve, 100, 'later'))

async function connect(port) {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
