import type { Readable } from 'node:stream'

/** The longest line taken whole; the rest of a longer one is dropped, which makes it an invalid line. */
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * Gives each line of a stream to `take`, which may return a promise to slow the stream down. Resolves at its end.
 * A last line without a line feed counts.
 */
export async function readLines(
  stream: Readable,
  take: (line: string) => void | Promise<void>,
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  const add = async (text: string): Promise<void> => {
    const parts = text.split('\n')
    parts[0] = (rest + parts[0]).slice(0, LONGEST_LINE)
    rest = parts.pop() ?? ''
    for (const line of parts) await take(line)
  }
  for await (const chunk of stream) await add(decoder.decode(chunk as Buffer, { stream: true }))
  await add(decoder.decode())
  if (rest !== '') await take(rest)
}
