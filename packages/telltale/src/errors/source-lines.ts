import { readFileSync, statSync } from 'node:fs'
import { policy, type Policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import type { SourceLines, StackFrame } from './frame.js'
import { withoutLiterals } from './literals.js'

/** How many lines before and after that of a call go into a report; 0 for none. */
export const sourceLines = slot('errors.sourceLines', () => ({ current: 0 }))

const maxFrames = 5
const maxFiles = 64
// Of one file: reading it takes some milliseconds, once.
const maxBytes = 262_144
// Of all that are kept.
const maxKept = 4_194_304
const maxLine = 256

// What a stack names need not be code: a stack from elsewhere could name any file, or a share on the network.
const readable = /^(?!\/\/)(?:\/|[A-Za-z]:[\\/]).*\.[cm]?[jt]sx?$/s

// By path, the least recently used first.
const files = new Map<string, Source>()
let kept = 0

// By place, screened: the same calls fail again.
const shown = new Map<string, SourceLines | undefined>()
const maxShown = 256
let shownBy: Policy | undefined

interface Source {
  readonly lines: readonly string[] | undefined
  readonly size: number
}

/** The frames, the topmost own ones with their lines where `errors.sourceLines` asks for them. Reads a file once. */
export function withSourceLines(frames: StackFrame[]): StackFrame[] {
  const around = sourceLines.current
  if (around === 0) return frames
  let left = maxFrames
  return frames.map((frame) => {
    if (!frame.inApp || left === 0) return frame
    left--
    const source = linesOf(frame, around)
    return source === undefined ? frame : { ...frame, source }
  })
}

function linesOf({ file, line }: StackFrame, around: number): SourceLines | undefined {
  if (file === undefined || line === undefined || !readable.test(file)) return undefined
  if (shownBy !== policy.current) {
    shownBy = policy.current
    shown.clear()
  }
  const key = `${around} ${line} ${file}`
  if (!shown.has(key)) {
    if (shown.size >= maxShown) shown.clear()
    shown.set(key, screenedLines(file, line, around))
  }
  return shown.get(key)
}

function screenedLines(file: string, line: number, around: number): SourceLines | undefined {
  const lines = fileLines(file)
  if (lines === undefined || line < 1 || line > lines.length) return undefined
  const from = Math.max(0, line - 1 - around)
  const own = screened(lines.slice(from, line + around))
  if (own === undefined) return undefined
  const at = line - 1 - from
  return { before: own.slice(0, at), line: own[at]!, after: own.slice(at + 1) }
}

/** In one piece, since a key may stand a line above its value. */
function screened(lines: readonly string[]): readonly string[] | undefined {
  const own = policy.current.text(lines.join('\n')).split('\n')
  return own.length === lines.length ? own : undefined
}

function fileLines(file: string): readonly string[] | undefined {
  const known = files.get(file)
  const source = known ?? read(file)
  if (known === undefined) kept += source.size
  files.delete(file)
  files.set(file, source)
  for (const [oldest, { size }] of files) {
    if (files.size <= maxFiles && kept <= maxKept) break
    files.delete(oldest)
    kept -= size
  }
  return source.lines
}

function read(file: string): Source {
  const none = { lines: undefined, size: 0 }
  try {
    const is = statSync(file)
    if (!is.isFile() || is.size > maxBytes) return none
    const lines = withoutLiterals(readFileSync(file, 'utf8'))
      .split(/\r?\n/)
      .map((line) => (line.length > maxLine ? `${line.slice(0, maxLine)}…` : line))
    return { lines, size: is.size }
  } catch {
    return none
  }
}
