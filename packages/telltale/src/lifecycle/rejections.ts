type Hear = (reason: unknown) => void

/**
 * Hears of unhandled rejections where the app listens to them, whom alone Node then tells. Where nobody does, it adds no
 * listener, since one alone would keep Node from ending the process.
 */
export function hearRejections(hear: Hear): void {
  const name = 'unhandledRejection'
  const others = (): boolean => process.listeners(name).some((listener) => listener !== hear)
  // Before the app's, which may end the process.
  const join = (): void => {
    if (!process.listeners(name).includes(hear)) process.prependListener(name, hear)
  }
  process.on('newListener', (event, listener) => {
    if (event === name && listener !== hear) join()
  })
  process.on('removeListener', (event) => {
    if (event === name && !others()) process.off(name, hear)
  })
  if (others()) join()
}
