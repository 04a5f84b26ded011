import type { StackFrame } from './frame.js'

const maxFrames = 50
const maxLine = 1024

// Yarn keeps packages in archives below `.yarn`; the last is this package where it is linked instead of installed.
const notOwn =
  /(?:^|[\\/])(?:node_modules|\.yarn)[\\/]|^(?:node|wasm|data):|[\\/]telltale[\\/]dist[\\/](?:esm|cjs)[\\/]/

// `eval at run (/app/x.js:3:5), <anonymous>:1:7`: the innermost parentheses with a position, which may have a pair in them.
const evalOrigin = /\(([^()]*(?:\([^()]*\)[^()]*)*:\d+:\d+)\)/
const position = /:(\d{1,9})(?::(\d{1,9}))?$/

/** Where the calls begin in a stack: behind the message, which may itself look like calls. */
export function startOfCalls(stack: string, message: string): number {
  const at = message === '' ? -1 : stack.slice(0, 512 + message.length).indexOf(message)
  const start = stack.indexOf('\n    at ', at === -1 ? 0 : at + message.length)
  return start === -1 ? stack.length : start
}

/** The calls of a stack as V8 writes it, the innermost first, at most 50; `take` may end it earlier by returning false. */
export function eachFrame(stack: string, message: string, take: (frame: StackFrame) => boolean): void {
  const lines = stack.slice(startOfCalls(stack, message)).split('\n', maxFrames + 1)
  for (const line of lines) {
    const frame = parseFrame(line)
    if (frame !== undefined && !take(frame)) return
  }
}

export function framesOf(stack: string, message: string): StackFrame[] {
  const frames: StackFrame[] = []
  eachFrame(stack, message, (frame) => frames.push(frame) > 0)
  return frames
}

/** One line, `    at async charge (file:///app/payments.js:41:11)`; undefined for what is no call. */
export function parseFrame(text: string): StackFrame | undefined {
  const call = /^\s+at (?:async )?(.+)$/.exec(text.slice(0, maxLine))?.[1]
  if (call === undefined) return undefined
  const open = call.endsWith(')') ? call.indexOf(' (') : -1
  const name = open === -1 ? undefined : call.slice(0, open)
  const place = open === -1 ? call : call.slice(open + 2, -1)
  const origin = place.startsWith('eval at ') ? (evalOrigin.exec(place)?.[1] ?? '') : place
  const found = position.exec(origin)
  const where = found === null ? '' : origin.slice(0, found.index)
  // Without a position it is no place: `native`, `<anonymous>`, `index 0` of Promise.all.
  if (found === null || where === '' || where === '<anonymous>')
    return { function: name ?? call, inApp: false }
  const [, line, column] = found
  const file = pathOf(where)
  return {
    ...(name !== undefined && name !== '<anonymous>' && { function: name }),
    file,
    line: Number(line),
    ...(column !== undefined && { column: Number(column) }),
    inApp: !notOwn.test(file),
  }
}

/** A `file:` URL as a path; of a `data:` URL, which is the code itself, no more than that it is one. */
function pathOf(where: string): string {
  if (where.startsWith('data:')) return 'data:'
  if (!where.startsWith('file:///')) return where
  const path = where.slice('file://'.length).replace(/[?#].*$/s, '')
  const local = /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
  try {
    return decodeURIComponent(local)
  } catch {
    return local
  }
}
