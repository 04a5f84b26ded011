import { createHash } from 'node:crypto'

/** Ids, numbers, quoted values and paths vary from one occurrence to the next and would split a group. */
function normalise(message: string): string {
  return message
    .slice(0, 1024)
    .replace(/"[^"]{0,256}"|'[^']{0,256}'|`[^`]{0,256}`/g, '<text>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b(?:0x)?[0-9a-f]{12,}\b/gi, '<id>')
    .replace(/\d+/g, '<n>')
}

const frame = /^\s+at (?:(?:async )?(.{0,256}?) \()?(.{1,1024}?)(?::\d+)?(?::\d+)?\)?$/

/** The three topmost frames of the service's own code as `function file`, without line numbers: a deploy that moves lines keeps the group. */
function ownFrames(stack: string): string[] {
  const frames: string[] = []
  for (const line of stack.split('\n', 50)) {
    const match = frame.exec(line.slice(0, 1400))
    if (match === null) continue
    const [, name = '', file = ''] = match
    if (file.includes('node_modules') || file.startsWith('node:') || file === '<anonymous>') continue
    frames.push(`${name} ${file.slice(file.lastIndexOf('/') + 1)}`)
    if (frames.length === 3) break
  }
  return frames
}

/** A stable 16-hex group of an error: type, normalised message, top own frames. Cost: some microseconds. */
export function fingerprint(type: string, message: string, stack: string): string {
  const text = [type, normalise(message), ...ownFrames(stack)].join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
