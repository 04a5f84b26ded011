import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const loader = here('../metrics/paced-load.mjs')

/** Starts a program of this folder, whose first message is what it has to say; resolves to both. */
export async function started(file, args = [], options = {}) {
  const child = startChild(here(file), args, options)
  return { child, ...(await child.next()) }
}

/** Starts the load at a fixed rate; it asks nothing until it is told whom. */
export async function startLoad() {
  const load = startChild(loader)
  await load.next()
  return load
}
