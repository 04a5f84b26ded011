import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { bare, type Node } from '../ast/nodes.js'
import { oncePerFile } from '../ast/once.js'
import { textIn } from '../ast/texts.js'
import { keyOf } from './message.js'
import { errorKeysOf, winstonOf } from './printed.js'
import type { Signal } from './signal.js'

/** Where among the arguments of a call a value is. */
interface Place {
  /** The argument's position. */
  readonly at: number
  /** The argument, where the value is one of its properties. */
  readonly object: TSESTree.ObjectExpression | undefined
  /** The property's name. */
  readonly key: string | undefined
  readonly isSpread: boolean
}

/**
 * Why a line has nothing of an error that is given to it as an object, with what would have it; undefined where it prints it,
 * or may. Each was seen in what pino 10, winston 3 and bunyan 2 print.
 */
export function lossOf(value: Node, signal: Signal, sourceCode: TSESLint.SourceCode): string | undefined {
  // serializeError(err) is an error by its name, and plain by what it gives.
  const place = bare(value).type === 'CallExpression' ? undefined : placeOf(value, signal.call)
  if (place === undefined) return undefined
  if (place.isSpread)
    return 'what is spread of an error has neither its message nor its stack: pass the error itself'
  switch (signal.source) {
    case 'pino':
      return ofPino(place, signal, sourceCode)
    case 'bunyan':
      return ofBunyan(place, signal, sourceCode)
    case 'winston':
      return ofWinston(place, signal, sourceCode)
    default:
      return undefined
  }
}

function placeOf(value: Node, call: TSESTree.CallExpression): Place | undefined {
  let whole = value
  while (whole.parent != null && whole.parent !== call && bare(whole.parent) === bare(whole))
    whole = whole.parent
  const { parent } = whole
  const at = call.arguments.indexOf(whole as TSESTree.CallExpressionArgument)
  if (at >= 0) return { at, object: undefined, key: undefined, isSpread: false }
  if (
    (parent?.type !== 'Property' && parent?.type !== 'SpreadElement') ||
    parent.parent.type !== 'ObjectExpression'
  )
    return undefined
  const object = parent.parent
  const isSpread = parent.type === 'SpreadElement'
  return { at: call.arguments.indexOf(object), object, key: isSpread ? undefined : keyOf(parent), isSpread }
}

function ofPino(
  { at, object, key }: Place,
  signal: Signal,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  const [first, second] = signal.call.arguments
  const isObjectFirst = first?.type === 'ObjectExpression'
  const text = isObjectFirst ? second : first
  const textAt = isObjectFirst ? 1 : 0
  if (object === undefined && at > textAt && text !== undefined && !isRearranged(sourceCode)) {
    const said = textIn(text)?.texts.join('')
    const placeholder = said?.match(/%[sdifjoOc]/g)?.[at - textAt - 1]
    if (said === undefined) return undefined
    if (placeholder === undefined)
      return 'pino prints nothing of what comes after the text: pass `{ err: … }` before it'
    return /%[joO]/.test(placeholder)
      ? `pino prints neither message nor stack for \`${placeholder}\`: pass \`{ err: … }\` before the text`
      : undefined
  }
  if (object !== first || key === undefined) return undefined
  const keys = errorKeysOf(signal, sourceCode)
  return keys === undefined || keys.has(key)
    ? undefined
    : `pino prints neither message nor stack under \`${key}\`: call it \`err\``
}

/** `hooks: { logMethod }` may put the arguments into another order. */
const isRearranged = oncePerFile(({ text }) => /\blogMethod\b/.test(text))

function ofBunyan(
  { object, key }: Place,
  signal: Signal,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  if (object === undefined || object !== signal.call.arguments[0] || key === undefined) return undefined
  const keys = errorKeysOf(signal, sourceCode)
  if (keys === undefined || keys.has(key)) return undefined
  return keys.has('err')
    ? `bunyan prints neither message nor stack under \`${key}\`: call it \`err\``
    : 'bunyan prints neither message nor stack in a field: make the logger with `serializers: bunyan.stdSerializers`'
}

function ofWinston(
  { at, object, key }: Place,
  signal: Signal,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  const winston = winstonOf(signal, sourceCode)
  if (winston === undefined) return undefined
  const first = signal.method === 'log' && textIn(signal.call.arguments[0] as Node) !== undefined ? 1 : 0
  if (object !== undefined && key !== undefined && key !== 'message')
    return 'winston prints neither message nor stack of an error in a field: pass it right after the text'
  if (at === first || (key === 'message' && at === 0))
    return winston.hasErrors
      ? undefined
      : 'winston prints an error alone only with `format.errors({ stack: true })`: pass it after a text'
  const before = signal.call.arguments[first + 1]
  return object === undefined && at > first + 1 && before?.type === 'ObjectExpression'
    ? 'winston prints no error that comes after the fields: pass it right after the text'
    : undefined
}
