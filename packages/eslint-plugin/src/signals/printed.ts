import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { constantOf } from '../ast/texts.js'
import { tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { oncePerFile } from '../ast/once.js'
import { type Made, madeHere, optionIn } from './made.js'
import { keyOf } from './message.js'
import type { Signal } from './signal.js'

type SourceCode = TSESLint.SourceCode

/** Under which keys a logger of this file prints errors whole; undefined where it may be any. */
export function errorKeysOf(
  { call, source }: Signal,
  sourceCode: SourceCode,
): ReadonlySet<string> | undefined {
  const callee = bare(call.callee)
  return callee.type === 'MemberExpression' ? errorKeysOfLogger(callee.object, source, sourceCode) : undefined
}

export function errorKeysOfLogger(
  logger: Node,
  source: string | undefined,
  sourceCode: SourceCode,
): ReadonlySet<string> | undefined {
  if (source !== 'pino' && source !== 'bunyan') return undefined
  const made = madeHere(logger, sourceCode)
  if (made === undefined) return undefined
  return source === 'pino' ? keysOfPino(made) : keysOfBunyan(made, sourceCode)
}

/** pino has a serialiser for `err` of its own. */
function keysOfPino({ options }: Made): ReadonlySet<string> | undefined {
  if (['errorKey', 'hooks', 'nestedKey', 'mixin'].some((name) => optionIn(options, name) !== undefined))
    return undefined
  const formatters = optionIn(options, 'formatters')
  if (formatters !== undefined && (!isObject(formatters) || optionIn(formatters, 'log') !== undefined))
    return undefined
  const serializers = optionIn(options, 'serializers')
  return serializers === undefined ? new Set(['err']) : keysIn(serializers, ['err'])
}

/** bunyan has none, and those of `stdSerializers` only where it is given them. */
function keysOfBunyan({ options }: Made, sourceCode: SourceCode): ReadonlySet<string> | undefined {
  if (hasMoreSerializers(sourceCode)) return undefined
  const serializers = optionIn(options, 'serializers')
  return serializers === undefined ? new Set() : keysIn(serializers, [])
}

// A stream of type raw is given the error itself.
const hasMoreSerializers = oncePerFile(({ text }) => /\baddSerializers\b|\braw\b/.test(text))

function keysIn(serializers: Node, own: readonly string[]): ReadonlySet<string> | undefined {
  if (tailOf(serializers) === 'stdSerializers') return new Set([...own, 'err'])
  if (!isObject(serializers)) return undefined
  const keys = new Set(own)
  for (const each of serializers.properties) {
    if (each.type === 'SpreadElement') {
      if (tailOf(each.argument) !== 'stdSerializers') return undefined
      keys.add('err')
      continue
    }
    const key = keyOf(each)
    if (key === undefined) return undefined
    keys.add(key)
  }
  return keys
}

function isObject(node: Node): node is TSESTree.ObjectExpression {
  return node.type === 'ObjectExpression'
}

/** Formats of winston that print of an error in a field what JSON does; one of the service's own may do better. */
const formats =
  /^(?:combine|json|timestamp|errors|splat|simple|colorize|uncolorize|label|align|metadata|ms|padLevels|logstash|cli)$/
const hasOwnFormat = oncePerFile(({ text }) =>
  /\b(?:printf|prettyPrint)\b|\bformat\s*\(|\.format\s*=|\.configure\s*\(/.test(text),
)
const hasErrorsFormat = oncePerFile(({ text }) => /\berrors\s*\(/.test(text))
const transports = /^(?:Console|File|Http|Stream|DailyRotateFile)$/

/** How winston prints errors with the formats that this file gives it; undefined where it may be in any way. */
export function winstonOf(
  { call, source }: Signal,
  sourceCode: SourceCode,
): { readonly hasErrors: boolean } | undefined {
  const callee = bare(call.callee)
  if (source !== 'winston' || callee.type !== 'MemberExpression' || hasOwnFormat(sourceCode)) return undefined
  const made = madeHere(callee.object, sourceCode)
  if (made === undefined || made.options === 'none') return undefined
  const sinks = optionIn(made.options, 'transports')
  if (sinks === undefined || !(sinks.type === 'ArrayExpression' ? sinks.elements : [sinks]).every(isSink))
    return undefined
  const format = optionIn(made.options, 'format')
  if (format !== undefined && !isKnownFormat(format, sourceCode)) return undefined
  return { hasErrors: hasErrorsFormat(sourceCode) }

  function isSink(node: Node | null): boolean {
    const inner = node?.type === 'Identifier' ? constantOf(node, sourceCode) : node
    if (inner?.type !== 'NewExpression' || !transports.test(tailOf(inner.callee))) return false
    const [options] = inner.arguments
    if (options === undefined) return true
    if (!isObject(options) || options.properties.some(({ type }) => type !== 'Property')) return false
    const own = optionIn(options, 'format')
    return own === undefined || isKnownFormat(own, sourceCode)
  }
}

function isKnownFormat(node: Node, sourceCode: SourceCode): boolean {
  const inner = bare(node)
  const format = inner.type === 'Identifier' ? constantOf(inner, sourceCode) : inner
  if (format?.type !== 'CallExpression' || !formats.test(tailOf(format.callee))) return false
  return format.arguments.every((each) =>
    isObject(each)
      ? each.properties.every(
          (property) =>
            property.type === 'Property' && /^(?:Literal|ObjectExpression)$/.test(property.value.type),
        )
      : isKnownFormat(each, sourceCode),
  )
}
