import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const heartbeatMs = 2_000
const staleMs = 30_000
const pollMs = 200

/**
 * Runs `work` while no other process holds the lock file. A lock whose owner is dead, or has not touched it for 30 s
 * (a process id may have been given away again), is taken over.
 */
export async function withLock(file, work, { onWait = () => {} } = {}) {
  mkdirSync(dirname(file), { recursive: true })
  let waited = false
  while (!take(file)) {
    if (isStale(file)) breakLock(file)
    else {
      if (!waited) onWait()
      waited = true
      await sleep(pollMs)
    }
  }
  const heartbeat = setInterval(() => utimesSync(file, new Date(), new Date()), heartbeatMs)
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.off('exit', release)
    release()
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(file) {
  try {
    const { mtimeMs } = statSync(file)
    const pid = Number(readFileSync(file, 'utf8'))
    // Between its creation and its first write the file is empty: then its age decides.
    return (pid > 0 && !isAlive(pid)) || Date.now() - mtimeMs > staleMs
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// Two waiters may both see a stale lock; only the one that holds the breaker looks again and removes it, so that neither
// removes the other's new lock.
function breakLock(file) {
  const breaker = `${file}.break`
  if (!take(breaker)) {
    if (isStale(breaker)) rmSync(breaker, { force: true })
    return
  }
  try {
    if (isStale(file)) rmSync(file, { force: true })
  } finally {
    rmSync(breaker, { force: true })
  }
}
