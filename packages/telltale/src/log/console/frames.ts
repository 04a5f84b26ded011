/** One own line of a stack: what ran, and where, relative to the working directory. */
export interface Frame {
  readonly name: string
  readonly directory: string
  readonly place: string
}

/** A stack as a person reads it: the frames of the code at hand, and how many others lie where. */
export interface Stack {
  readonly own: readonly Frame[]
  readonly folded: ReadonlyMap<string, number>
}

const maxLines = 200
const maxLine = 1000
const frameLine = /^\s*at (?:async )?(.*)$/
const placed = /:\d+:\d+$/
const dependency = /[\\/]node_modules[\\/]/
// A copy linked from a workspace isn't below node_modules once its path is resolved.
const linkedTelltale = /[\\/]telltale[\\/]dist[\\/](?:esm|cjs)[\\/]/

/** Reads V8's `stack` text. `message` may imitate frames: reading begins behind it where the first line has it. */
export function readStack(stack: string, message: string, cwd: string): Stack {
  const own: Frame[] = []
  const folded = new Map<string, number>()
  const start = stack.indexOf(message)
  const isHeader = start !== -1 && !stack.slice(0, start).includes('\n')
  const lines = (isHeader ? stack.slice(start + message.length) : stack).split('\n', maxLines)
  for (const line of lines) {
    const match = frameLine.exec(line.slice(0, maxLine))
    if (match === null) continue
    const [called, where] = parts(match[1] ?? '')
    const home = homeOf(where)
    if (home !== 'own') folded.set(home, (folded.get(home) ?? 0) + 1)
    else own.push(frame(called, where, cwd))
  }
  return { own, folded }
}

/** What ran and where, of `charge (/srv/pay.ts:4:1)`; without a pattern, that a hostile line would keep busy. */
function parts(text: string): [called: string, where: string] {
  const open = text.endsWith(')') ? text.indexOf(' (') : -1
  return open === -1 ? ['', text] : [text.slice(0, open), text.slice(open + 2, -1)]
}

function homeOf(where: string): 'own' | 'node_modules' | 'telltale' | 'node' {
  if (dependency.test(where)) return 'node_modules'
  if (linkedTelltale.test(where)) return 'telltale'
  if (where.startsWith('node:') || !placed.test(where)) return 'node'
  return 'own'
}

/** A place relative to the working directory, its file's name apart from its directory. */
export function frame(called: string, where: string, cwd: string): Frame {
  let path = where.startsWith('file://') ? decoded(where.slice('file://'.length)) : where
  if (cwd !== '' && path.startsWith(cwd) && /^[\\/]/.test(path.slice(cwd.length)))
    path = path.slice(cwd.length + 1)
  const start = placed.test(path) ? Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1 : 0
  const [directory, place] = [path.slice(0, start), path.slice(start)]
  return { name: called.replace(/^Object\./, '').replace(/ \[as .*\]$/, ''), directory, place }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
