// Progress goes to stderr: with --json, stdout belongs to one object.
const tickMs = 1000

/** Says what is being done while it lasts, and how long it took. */
export async function step(title, work) {
  const begun = performance.now()
  const seconds = (digits) => `${((performance.now() - begun) / 1000).toFixed(digits)} s`
  const tty = process.stderr.isTTY
  process.stderr.write(`  ${title} …${tty ? '' : '\n'}`)
  const ticker = tty && setInterval(() => process.stderr.write(`\r  ${title} … ${seconds(0)}`), tickMs)
  try {
    const result = await work()
    process.stderr.write(`${tty ? '\r\u001b[K' : ''}  ${title}: done in ${seconds(1)}\n`)
    return result
  } catch (error) {
    process.stderr.write(`${tty ? '\r\u001b[K' : ''}  ${title}: failed after ${seconds(1)}\n`)
    throw error
  } finally {
    clearInterval(ticker)
  }
}

/** A failure whose message is all a person needs: shown without a stack. */
export class Failure extends Error {}

/** Runs a command; a `Failure` is shown as its message. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    process.stderr.write(error instanceof Failure ? `\n${error.message}\n` : `\n${error.stack}\n`)
    process.exitCode = 1
  }
}
