import type { Level } from '../levels.js'
import { loggerNamed } from '../logger.js'
import { said } from './said.js'
import { capturing, unheard } from './unheard.js'
import { isWanted } from './wanted.js'

type Method = (...values: unknown[]) => void
type Name = (typeof names)[number]

const names = [
  'log',
  'info',
  'debug',
  'warn',
  'error',
  'trace',
  'dir',
  'dirxml',
  'table',
  'assert',
  'group',
  'groupCollapsed',
] as const

/** A call as an event: its level and what it says; undefined says nothing. */
interface Read {
  readonly level: Level
  readonly values: (given: unknown[]) => unknown[] | undefined
}

const all = (given: unknown[]): unknown[] => given
const first = (given: unknown[]): unknown[] => given.slice(0, 1)

// count(), time() and their kin need no reading: Node's call log().
const readings: { readonly [name in Name]: Read } = {
  log: { level: 'info', values: all },
  info: { level: 'info', values: all },
  debug: { level: 'debug', values: all },
  warn: { level: 'warning', values: all },
  error: { level: 'error', values: all },
  trace: { level: 'info', values: all },
  // What comes after is how to print it.
  dir: { level: 'info', values: first },
  dirxml: { level: 'info', values: all },
  table: { level: 'info', values: first },
  assert: { level: 'error', values: failedAssertion },
  // Lines of several requests stand between each other: nothing is indented.
  group: { level: 'info', values: all },
  groupCollapsed: { level: 'info', values: all },
}

/**
 * Makes `console.log` and its kin events of the logger `console`: the event `console` with the formatted text as
 * `message` and the first error given as `error`; levels are those of the method, `log`, `dir`, `table` and `trace` are
 * info, a failed `assert` is error. Values are redacted before they are formatted; what nobody keeps is not formatted.
 * Returns what gives the console back. Never throws, and never do the methods.
 */
export function captureConsole(): () => void {
  const undo = names.map((name) => capture(name))
  capturing.count++
  let captured = true
  return () => {
    if (!captured) return
    captured = false
    capturing.count--
    for (const giveBack of undo) giveBack()
  }
}

function capture(name: Name): () => void {
  const methods = console as unknown as Record<Name, Method>
  const original = methods[name]
  let on = true
  const ours: Method = (...values) => {
    if (!on || capturing.inside.getStore() === true || isWarningOfNode(name, values))
      original.apply(console, values)
    else unheard(() => say(name, values, ours))
  }
  if (!set(methods, name, ours)) return () => undefined
  return () => {
    on = false
    // Another one may have put its own above: that one then calls ours, which only hands on.
    if (methods[name] === ours) set(methods, name, original)
  }
}

/** Node prints a process warning by `console.error`; where warnings are captured it is an event already. */
function isWarningOfNode(name: Name, [text]: readonly unknown[]): boolean {
  return (
    name === 'error' &&
    capturing.warnings > 0 &&
    typeof text === 'string' &&
    text.startsWith(`(node:${process.pid}) `)
  )
}

function say(name: Name, given: unknown[], caller: Method): void {
  const { level, values } = readings[name]
  const log = loggerNamed('console')
  if (!isWanted(log, level)) return
  const told = values(given)
  if (told === undefined || (told.length === 0 && name !== 'trace')) return
  const { text, error } = said(told.length === 0 ? ['Trace'] : told)
  const stack = name === 'trace' ? stackBelow(caller) : undefined
  log[level]('console', { message: text, error, stack })
}

function failedAssertion([holds, ...values]: unknown[]): unknown[] | undefined {
  if (holds) return undefined
  const [text, ...others] = values
  if (values.length === 0) return ['Assertion failed']
  return typeof text === 'string'
    ? [`Assertion failed: ${text}`, ...others]
    : ['Assertion failed:', ...values]
}

function stackBelow(caller: Method): string | undefined {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, caller)
  // Its first line says nothing: there is no error.
  return holder.stack?.split('\n').slice(1).join('\n')
}

// A console may be frozen.
function set(methods: Record<Name, Method>, name: Name, method: Method): boolean {
  try {
    methods[name] = method
    return true
  } catch {
    return false
  }
}
