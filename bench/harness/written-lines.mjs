import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * The JSON lines of a file for which `counts(line)` holds, as soon as there are `atLeast` of them; writers may be
 * asynchronous. What there is after 3 s where there never are. Throws on a whole line that is no JSON.
 */
export async function writtenLines(file, atLeast, counts) {
  const deadline = performance.now() + 3000
  for (;;) {
    const text = readFileSync(file, 'utf8')
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .filter(counts)
    if (lines.length >= atLeast || performance.now() > deadline) return lines
    await pause(20)
  }
}
