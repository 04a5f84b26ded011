import { relative, sep } from 'node:path'
import type { ErrorReport, ReportedError } from '../errors/exits.js'
import type { StackFrame } from '../errors/frame.js'

/** One error of a chain (Sentry's SDK documentation, "Exception Interface"). */
export interface ExceptionValue {
  type: string
  value: string
  mechanism: Mechanism
  stacktrace?: { frames: Frame[] }
}

interface Mechanism {
  type: string
  handled: boolean
  exception_id: number
  parent_id?: number
  source?: string
  is_exception_group?: boolean
  data?: Record<string, unknown>
}

interface Frame {
  function?: string
  filename?: string
  abs_path?: string
  lineno?: number
  colno?: number
  in_app: boolean
  pre_context?: readonly string[]
  context_line?: string
  post_context?: readonly string[]
}

const mechanisms: Readonly<Record<string, string>> = {
  uncaught_exception: 'onuncaughtexception',
  unhandled_rejection: 'onunhandledrejection',
}

/** The error and all behind it, as the protocol wants them: the oldest first, what was thrown last. */
export function exceptionsOf(
  error: ReportedError,
  { event, handled }: Pick<ErrorReport, 'event' | 'handled'>,
): ExceptionValue[] {
  const values: ExceptionValue[] = []
  const add = (each: ReportedError, type: string, parent?: number, source?: string): void => {
    const { type: name, message, stack: _stack, frames, cause, errors, ...own } = each
    const id = values.length
    const data = { ...own, ...moreErrors(errors) }
    values.push({
      type: name,
      value: message,
      mechanism: {
        type,
        handled,
        exception_id: id,
        ...(parent !== undefined && { parent_id: parent, source }),
        ...(errors !== undefined && { is_exception_group: true }),
        ...(Object.keys(data).length > 0 && { data }),
      },
      ...(frames?.length > 0 && { stacktrace: { frames: frames.map(frameOf).toReversed() } }),
    })
    if (cause !== undefined) add(cause, 'chained', id, 'cause')
    for (const [index, inner] of (errors ?? []).entries())
      if (typeof inner !== 'string') add(inner, 'chained', id, `errors[${index}]`)
  }
  add(error, mechanisms[event] ?? 'generic')
  return values.toReversed()
}

/** What stands for the errors beyond the ten. */
function moreErrors(errors: ReportedError['errors']): { errors?: string } {
  const more = errors?.find((each) => typeof each === 'string')
  return more === undefined ? {} : { errors: more }
}

function frameOf({ function: name = '?', file, line, column, inApp, source }: StackFrame): Frame {
  return {
    function: name,
    ...(file !== undefined && { filename: fromFolder(file), abs_path: file }),
    ...(line !== undefined && { lineno: line }),
    ...(column !== undefined && { colno: column }),
    in_app: inApp,
    ...(source !== undefined && {
      pre_context: source.before,
      context_line: source.line,
      post_context: source.after,
    }),
  }
}

/** The path as the service's own repository has it, where the service runs in it. */
function fromFolder(file: string): string {
  const folder = process.cwd() + sep
  return file.startsWith(folder) ? relative(folder, file) : file
}
