/** Ends this process when the one that started it is gone, however it went: a signal may leave it no time to end us. */
export function endWithParent() {
  if (!process.connected) process.exit()
  process.once('disconnect', () => process.exit())
}
