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
const maxGiven = 64
const maxNames = 1000

/** The span as it may leave: what may be anything is screened by the redaction policy and cut. */
export function finish(span: EndedSpan): FinishedSpan {
  const { ids, kind, startedAt, endedAt, error } = span
  const { name, own, given } = span.of.describe()
  return {
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentSpanId: ids.parentSpanId,
    isRemote: ids.isRemote,
    tracestate: ids.tracestate,
    name: screenedName(name),
    kind,
    startedAt,
    endedAt,
    attributes: given === undefined ? own : withScreened(own, policy.current, given),
    error: error === undefined ? undefined : spanError(policy.current, error),
  }
}

const names = { screened: new Map<string, string>(), by: undefined as Policy | undefined }

/** Names are few: each is screened once. */
export function screenedName(name: string): string {
  if (names.by !== policy.current || names.screened.size >= maxNames) {
    names.screened.clear()
    names.by = policy.current
  }
  let text = names.screened.get(name)
  if (text === undefined)
    names.screened.set(name, (text = screenAndCut(policy.current, name, 'name', maxName)))
  return text
}

/** Adds to `own`, which is new for each span: to spread both into a third is three times as slow. */
function withScreened(own: Record<string, AttributeValue>, rule: Policy, given: Attributes): Attributes {
  let count = 0
  for (const key in given) {
    if (++count > maxGiven) break
    if (Object.hasOwn(own, key)) continue
    const value = given[key]!
    own[key] = rule.key(key, value) ? rule.censor : screenedValue(rule, key, value)
  }
  return own
}

function screenedValue(rule: Policy, key: string, value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return screenAndCut(rule, value, key, maxText)
  if (typeof value === 'number') return rule.number(value, key) ? rule.censor : value
  if (typeof value === 'boolean') return value
  return value.map((text: string) => screenAndCut(rule, text, key, maxText))
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
