import { maxLineBytes, type Line } from './lines.js'

const maxStreams = 16

/** Puts lines together again that a container runtime has written in parts; `key` tells one stream from another. */
export function createJoin(): (key: string, line: Line, isPartial: boolean) => Line | undefined {
  const held = new Map<string, Line>()
  return (key, line, isPartial) => {
    const before = held.get(key)
    const whole = before === undefined ? line : joined(before, line)
    if (!isPartial) {
      held.delete(key)
      return whole
    }
    if (before === undefined && held.size >= maxStreams) return whole
    held.set(key, whole)
    return undefined
  }
}

function joined(a: Line, b: Line): Line {
  const room = Math.max(0, maxLineBytes - a.text.length)
  return {
    text: a.text + b.text.slice(0, room),
    lost: a.lost + b.lost + Math.max(0, b.text.length - room),
  }
}
