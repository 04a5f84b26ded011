import { briefError, isError } from '../errors/record.js'
import { screenAndCut } from '../redact/cut.js'
import { type Policy, policy } from '../redact/policy.js'
import {
  type Attributes,
  type AttributeValue,
  type EndedSpan,
  Failure,
  type FinishedSpan,
  type SpanError,
} from './span.js'

const maxName = 256
const maxText = 4096
const maxStack = 16_384
const maxAttributes = 128

/** The span as it may leave: name, attributes and error screened by the redaction policy and cut. */
export function finish(span: EndedSpan): FinishedSpan {
  const { ids, kind, startedAt, endedAt, error } = span
  const { name, attributes } = span.of.describe()
  const rule = policy.current
  return {
    ...ids,
    name: screenAndCut(rule, name, 'name', maxName),
    kind,
    startedAt,
    endedAt,
    attributes: screened(rule, attributes),
    error: error === undefined ? undefined : spanError(rule, error),
  }
}

function screened(rule: Policy, attributes: Attributes): Attributes {
  const safe: Record<string, AttributeValue> = {}
  for (const [key, value] of Object.entries(attributes).slice(0, maxAttributes)) {
    safe[key] = rule.key(key, value) ? rule.censor : screenedValue(rule, key, value)
  }
  return safe
}

function screenedValue(rule: Policy, key: string, value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return screenAndCut(rule, value, key, maxText)
  if (Array.isArray(value)) return value.map((text: string) => screenAndCut(rule, text, key, maxText))
  return value
}

function spanError(rule: Policy, error: unknown): SpanError {
  if (error instanceof Failure) return { type: error.type, message: '' }
  const { type, message } = briefError(error)
  const stack = isError(error) ? error.stack : undefined
  return {
    type: screenAndCut(rule, type, 'type', maxName),
    message: screenAndCut(rule, message, 'message', maxText),
    stack: typeof stack === 'string' ? screenAndCut(rule, stack, 'stack', maxStack) : undefined,
  }
}
