// With these Node goes on whether anybody listens or not (its manual, "--unhandled-rejections"), and tells no monitor.
const goesOn = /^(?:warn|none)$/

type Hear = (reason: unknown) => void

/**
 * Hears of unhandled rejections where the app listens to them, whom alone Node then tells. Where nobody does, it adds no
 * listener, since one alone would keep Node from ending the process; where Node goes on anyway, it listens.
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
    if (event === name && !others() && !goesOn.test(rejectionsMode())) process.off(name, hear)
  })
  if (others() || goesOn.test(rejectionsMode())) join()
}

/** What `--unhandled-rejections` says, of the command line before `NODE_OPTIONS`; empty where it says nothing. */
function rejectionsMode(): string {
  const words = [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv]
  const said = words.join('\n').matchAll(/^--unhandled-rejections[=\n](.*)$/gm)
  return [...said].at(-1)?.[1] ?? ''
}
