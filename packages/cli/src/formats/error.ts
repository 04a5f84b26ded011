import { asText, createPicker, isEntry, type Entry } from './entry.js'
import { readableStack, writeStack } from './stack.js'

const maxDepth = 16
const typeKeys = ['type', 'name', 'kind', 'class', 'exc_type', 'exception.type']
const messageKeys = ['message', 'msg', 'exc_value', 'exception.message']
const stackKeys = ['stack', 'stack_trace', 'stacktrace', 'exception.stacktrace']
const header = /^\s*(?:Uncaught )?([A-Za-z_$][\w$.]*)(?:: ([\s\S]*))?$/
// pino's words, and Java's.
const causedBy = /\n\s{0,16}[Cc]aused by: /
const pythonStart = /^Traceback \(most recent call last\):/m
const pythonChain =
  /\n\n(?:The above exception was the direct cause|During handling of the above exception)[^\n]*\n\n/

/** Any logger's error as our line's `{ type, message, code?, stack?, cause?, errors?, … }`; undefined for what is none. */
export function readError(value: unknown, depth = 0): Entry | undefined {
  if (depth > maxDepth) return undefined
  if (typeof value === 'string') return value.trim() === '' ? undefined : errorOfText(value)
  if (Array.isArray(value)) return errorOfStacks(value)
  return isEntry(value) ? errorOfObject(value, depth) : undefined
}

/** From the three texts most formats keep apart. */
export function errorOfParts(
  type: string | undefined,
  message: string | undefined,
  stack: string | undefined,
  more: Entry = {},
): Entry | undefined {
  if (type === undefined && message === undefined && stack === undefined) return undefined
  const told = stack === undefined ? undefined : errorOfText(stack)
  const known = told?.stack !== undefined || told?.type !== 'Error'
  const cause = told?.cause
  // pino adds the causes' messages to the error's own.
  const added = isEntry(cause) ? `: ${asText(cause.message) ?? ''}` : ''
  const own =
    added.length > 2 && message?.endsWith(added) === true ? message.slice(0, -added.length) : message
  return {
    ...(known ? told : undefined),
    type: type ?? (known ? told?.type : undefined) ?? 'Error',
    message: own ?? (known ? told?.message : undefined) ?? '',
    // What no reader of stacks knows is shown rather than lost.
    ...(told !== undefined && told.stack === undefined && !known ? { trace: stack } : undefined),
    ...more,
  }
}

function errorOfObject(value: Entry, depth: number): Entry | undefined {
  const picker = createPicker(value)
  const code = picker.value('code')
  const cause = picker.value('cause')
  const inner = picker.value('errors', 'aggregateErrors')
  const type = picker.text(...typeKeys)
  const message = picker.text(...messageKeys)
  const stack = picker.text(...stackKeys)
  // pino keeps the original beside what it has made of it.
  picker.drop('raw', 'name', 'type')
  const more = Object.fromEntries(picker.rest())
  const children = Array.isArray(inner) ? inner.map((one) => readError(one, depth + 1) ?? one) : undefined
  return errorOfParts(type, message, stack, {
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : undefined),
    ...more,
    ...(cause === undefined ? undefined : { cause: readError(cause, depth + 1) ?? cause }),
    ...(children === undefined ? undefined : { errors: children }),
  })
}

/** A stack as one text: V8's and Java's with header first and causes after it, Python's with header last, causes before. */
function errorOfText(text: string): Entry {
  if (pythonStart.test(text)) return errorOfPython(text)
  const [own = '', ...causes] = text.split(causedBy).slice(0, maxDepth)
  let cause: Entry | undefined
  for (const one of causes.reverse())
    cause = { ...errorOfOne(one), ...(cause === undefined ? undefined : { cause }) }
  return { ...errorOfOne(own), ...(cause === undefined ? undefined : { cause }) }
}

function errorOfOne(text: string): Entry {
  const lines = text.split('\n')
  const firstFrame = lines.findIndex((line) => /^\s*(?:at |from )/.test(line))
  const head = (firstFrame === -1 ? lines : lines.slice(0, firstFrame)).join('\n').trim()
  const [, type, message = ''] = header.exec(head) ?? []
  const isNamed = type !== undefined && (message !== '' || firstFrame !== -1)
  const stack = firstFrame === -1 ? undefined : readableStack(text)
  return {
    type: isNamed ? type : 'Error',
    message: isNamed ? message : head,
    ...(stack === undefined ? undefined : { stack }),
  }
}

function errorOfPython(text: string): Entry {
  const parts = text.split(pythonChain).slice(-maxDepth)
  let told: Entry | undefined
  for (const part of parts) {
    const lines = part.trimEnd().split('\n')
    const at = lines.findLastIndex((line) => /^\S/.test(line) && header.test(line))
    const [, type = 'Error', message = ''] = header.exec(lines.slice(at).join('\n')) ?? []
    const stack = readableStack(part)
    told = {
      type: type === 'Traceback' ? 'Error' : type,
      message,
      ...(stack === undefined ? undefined : { stack }),
      ...(told === undefined ? undefined : { cause: told }),
    }
  }
  return told ?? { type: 'Error', message: text }
}

/** structlog's `dict_tracebacks`: the exception raised last comes first, each next one is its cause or context. */
function errorOfStacks(stacks: readonly unknown[]): Entry | undefined {
  let cause: Entry | undefined
  for (const stack of stacks.slice(0, maxDepth).reverse()) {
    if (!isEntry(stack)) continue
    const frames = Array.isArray(stack.frames) ? stack.frames.filter(isEntry) : []
    const notes = Array.isArray(stack.exc_notes) && stack.exc_notes.length > 0 ? stack.exc_notes : undefined
    const group = Array.isArray(stack.exceptions) ? stack.exceptions : []
    const errors = group.map((one) => readError(one, 1)).filter((one) => one !== undefined)
    cause = {
      type: asText(stack.exc_type) ?? 'Error',
      message: asText(stack.exc_value) ?? '',
      ...(notes === undefined ? undefined : { notes }),
      ...(frames.length === 0 ? undefined : { stack: writeStack(frames.map(frameOf).reverse()) }),
      ...(cause === undefined ? undefined : { cause }),
      ...(errors.length === 0 ? undefined : { errors }),
    }
  }
  return cause
}

function frameOf(frame: Entry): { name: string; file: string; line: number | string } {
  return {
    name: asText(frame.name) ?? '',
    file: asText(frame.filename) ?? '?',
    line: asText(frame.lineno) ?? '1',
  }
}
