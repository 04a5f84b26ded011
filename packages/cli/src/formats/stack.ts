/** One frame of any language's stack; `line` counts from 1. */
export interface Frame {
  readonly name: string
  readonly file: string
  readonly line: number | string
}

const maxLines = 400
const maxLine = 500
const v8 = /^[ \t]*at .*:\d+:\d+\)?[ \t\r]*$/m
const pythonFrame = /^\s*File "([^"]+)", line (\d+)(?:, in (.+))?$/
const javaFrame = /^\s*at ([\w.$<>/@-]+)\(([\w$.-]+):(\d+)\)/
const dotnetFrame = /^\s*at (.+?) in (.+):line (\d+)$/
const rubyFrame = /^\s*(?:from )?([^\s:][^:]*\.rb):(\d+):in [`'](.+)'$/

/**
 * A stack of Python, Java, .NET or Ruby in V8's form, which the console reads, the throwing frame first; V8's own as it is.
 * Undefined where no frame was found.
 */
export function readableStack(text: string): string | undefined {
  if (v8.test(text)) return text
  const frames: Frame[] = []
  let isPython = false
  for (const whole of text.split('\n', maxLines)) {
    const line = whole.slice(0, maxLine)
    const python = pythonFrame.exec(line)
    if (python !== null) {
      isPython = true
      frames.push({ name: python[3] ?? '', file: python[1] ?? '', line: python[2] ?? '' })
      continue
    }
    const named = javaFrame.exec(line) ?? dotnetFrame.exec(line)
    if (named !== null) frames.push({ name: named[1] ?? '', file: named[2] ?? '', line: named[3] ?? '' })
    const ruby = named === null ? rubyFrame.exec(line) : null
    if (ruby !== null) frames.push({ name: ruby[3] ?? '', file: ruby[1] ?? '', line: ruby[2] ?? '' })
  }
  if (frames.length === 0) return undefined
  return writeStack(isPython ? frames.reverse() : frames)
}

/** Frames, the throwing one first, as V8 writes them. It always has a column, and the console reads no place without one. */
export function writeStack(frames: readonly Frame[]): string {
  return frames
    .slice(0, maxLines)
    .map(
      ({ name, file, line }) => `    at ${name.replace(/[()\n]/g, '') || '<anonymous>'} (${file}:${line}:1)`,
    )
    .join('\n')
}
