import { briefError, isError, stackOf } from '../errors/record.js'
import { screenAndCut } from '../redact/cut.js'
import { ownCopy } from '../redact/own-copy.js'
import { type Policy, policy } from '../redact/policy.js'
import { dropped } from '../self/dropped.js'
import {
  type Attributes,
  type AttributeValue,
  type Described,
  type Description,
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

/** The span as it may leave; undefined, and counted, where it can't be read. */
export function finishedOrCounted(span: EndedSpan): FinishedSpan | undefined {
  try {
    return finish(span)
  } catch {
    dropped('span', 'unreadable')
    return undefined
  }
}

/** What may be anything is screened by the redaction policy and cut. */
function finish(span: EndedSpan): FinishedSpan {
  const { ids, kind, startedAt, endedAt, error, of } = span
  const { name, own, given } = of.describe()
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
    error: of instanceof Held ? of.error : screenedError(error),
  }
}

/**
 * What an ended operation was, without anything that lives, so that it can be kept: described now, and screened where it
 * is long or has an error.
 */
export class Held implements Described {
  /** Characters, about. */
  readonly weight: number
  readonly error: SpanError | undefined
  readonly #description: Description

  constructor(of: Described, error: unknown) {
    const { name, own, given } = of.describe()
    const length = name.length + lengthOf(own) + (given === undefined ? 0 : lengthOf(given))
    this.error = screenedError(error)
    if (length <= maxText || given === undefined) this.#description = { name, own, given }
    else this.#description = { name: screenedName(name), own: withScreened(own, policy.current, given) }
    const told = length <= maxText ? length : lengthOf(this.#description.own)
    this.weight = told + (this.error?.message.length ?? 0) + (this.error?.stack?.length ?? 0)
  }

  describe(): Description {
    return this.#description
  }
}

const names = { screened: new Map<string, string>(), by: undefined as Policy | undefined }

/** Names are few: each is screened once. Where one is long it is somebody's data, and not remembered. */
export function screenedName(name: string): string {
  if (name.length > maxName) return screenAndCut(policy.current, name, 'name', maxName)
  if (names.by !== policy.current || names.screened.size >= maxNames) {
    names.screened.clear()
    names.by = policy.current
  }
  let text = names.screened.get(name)
  if (text === undefined)
    names.screened.set(ownCopy(name), (text = screenAndCut(policy.current, ownCopy(name), 'name', maxName)))
  return text
}

/** Adds to `own`, which is new for each span: to spread both into a third is three times as slow. */
function withScreened(
  own: Record<string, AttributeValue>,
  rule: Policy,
  given: Attributes,
): Record<string, AttributeValue> {
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

function lengthOf(attributes: Attributes): number {
  let length = 0
  for (const key in attributes) {
    const value = attributes[key]!
    length += key.length + (typeof value === 'string' ? value.length : 8)
  }
  return length
}

function screenedError(error: unknown): SpanError | undefined {
  if (error === undefined) return undefined
  const rule = policy.current
  const isThrown = isError(error)
  if (!isThrown && isFailure(error)) return { type: error.type, message: '' }
  const { type, message } = briefError(error)
  const stack = isThrown ? stackOf(error) : undefined
  return {
    type: screenAndCut(rule, type, 'type', maxName),
    message: screenAndCut(rule, message, 'message', maxText),
    stack: stack === undefined ? undefined : screenAndCut(rule, stack, 'stack', maxStack),
  }
}

/** Asking a revoked proxy throws. */
function isFailure(error: unknown): error is Failure {
  try {
    return error instanceof Failure
  } catch {
    return false
  }
}
