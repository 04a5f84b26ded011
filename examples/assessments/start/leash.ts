import { isMainThread } from 'node:worker_threads'

// Loaded before each child's entry (node --import). The children are in process groups of their own, so a runner
// that is killed outright takes none of them along; its end of the IPC channel closes, though, and that ends them.
const GRACE_MS = 5_000

if (isMainThread && process.send) {
  // A runner that died while this process started is gone before anybody listens.
  if (process.connected) process.once('disconnect', end)
  else end()
  process.channel?.unref()
}

function end(): void {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref()
}
