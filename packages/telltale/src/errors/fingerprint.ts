import { createHash } from 'node:crypto'
import { eachFrame } from './frames.js'
import type { StackFrame } from './frame.js'
import { normalise } from './normalise.js'

const maxCalls = 3

const bundlersHash = /[-._](?:(?=\w{0,64}\d)\w{8,64}|(?=[\w-]{0,7}\d)[\w-]{8}|[A-Z]{8})$/

/** What an error or one of its causes adds to the fingerprint; `isEnough` where its cause need not be asked. */
export interface Traits {
  readonly parts: readonly string[]
  readonly isEnough: boolean
}

/** Type, normalised message and the three topmost calls in the service's own code. */
export function traitsOf(type: string, message: string, stack: string): Traits {
  const calls = ownCalls(stack, message)
  return {
    // What a minifier calls a class says nothing.
    parts: [isMinified(type) ? 'Error' : type, normalise(message), ...calls],
    isEnough: message !== '' && calls.length > 0,
  }
}

/** 16 hex digits. */
export function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

/** As `function file`, without line numbers and folders: a deploy that moves lines, or another checkout, keeps the group. */
function ownCalls(stack: string, message: string): string[] {
  const calls: string[] = []
  eachFrame(stack, message, (frame) => {
    if (!frame.inApp) return true
    const call = `${nameOf(frame)} ${moduleOf(frame.file!)}`
    // A recursion is one call, however deep it went.
    if (calls.at(-1) !== call) calls.push(call)
    return calls.length < maxCalls
  })
  return calls
}

/** `Foo.bar [as baz]` is `bar`: what it was called on and as differs by subclass and by V8's version. */
function nameOf({ function: name = '' }: StackFrame): string {
  const bare = name.replace(/ \[as [^\]]*\]$/, '').replace(/^new /, '')
  const own = bare.slice(bare.lastIndexOf('.') + 1)
  return own === '<anonymous>' || isMinified(own) ? '' : own
}

/** `dist/chunk-7XKQ2P3A.js` is `chunk`: the extension is the compiler's, the hash the bundler's. */
function moduleOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  return base.replace(/\.[cm]?[jt]sx?$/, '').replace(bundlersHash, '')
}

function isMinified(name: string): boolean {
  return name.length <= 2
}
