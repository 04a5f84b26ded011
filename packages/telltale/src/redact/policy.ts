import { types } from 'node:util'
import { slot } from '../state/state.js'
import { cardNumber } from './card.js'
import { createKeyRule } from './keys.js'
import { createTextRule } from './text.js'

export interface RedactOptions {
  /** Further secret keys: a word (`email` covers `user_email`) or a whole key. Spelling (snake, kebab, camel) is free. */
  keys?: readonly string[] | undefined
  /** Whole keys that pass though the rule calls them secret. */
  allow?: readonly string[] | undefined
  /** Further secret texts. They run on every string that is written: keep them linear. */
  patterns?: readonly RegExp[] | undefined
  /** E-mail and IP addresses too. Default false. */
  pii?: boolean | undefined
}

/** What may leave the process. Every exit asks it; nothing in it throws. */
export interface Policy {
  /** Whether the whole value under `key` goes. The value decides for `tokens`: a number passes. */
  key(key: string, value?: unknown): boolean
  /** The text without its secrets; the same string where there are none. `key` is what it stands under. */
  text(text: string, key?: string): string
  /** Whether a number is a card number. */
  number(value: number | bigint, key?: string): boolean
  readonly censor: '[REDACTED]'
}

const accepted = ['keys', 'allow', 'patterns', 'pii']

/** The policy for `options`. Throws TypeError naming the option, what it got and what it takes; its methods never throw. */
export function createPolicy(options: RedactOptions = {}): Policy {
  validate(options)
  const key = createKeyRule(options)
  const screen = createTextRule(key, options)
  return {
    key,
    text: (text, under) => screen(text, under !== undefined && cardExempt(under)),
    number: (value, under) => cardNumber(value) && !(under !== undefined && cardExempt(under)),
    censor: '[REDACTED]',
  }
}

/** The process's policy: the defaults until setup() replaces `current`. Read it at each use. */
export const policy: { current: Policy } = slot('policy', () => ({ current: createPolicy() }))

// Ids, times and counters of nanoseconds are long digit runs, of which one in ten passes Luhn. One regex on a short key.
const exempt = /(?:_id|_at|timestamp|nano|[a-z\d](?:Id|At|Timestamp|Nano))$/

function cardExempt(key: string): boolean {
  return exempt.test(key)
}

function validate(options: RedactOptions): void {
  if (!isRecord(options)) throw refuse('redact', `an object with ${accepted.join(', ')}`, options)
  for (const name of Object.keys(options)) {
    if (!accepted.includes(name)) {
      throw new TypeError(`setup(): redact.${name} is not an option; redact takes ${accepted.join(', ')}.`)
    }
  }
  checkList('keys', options.keys, 'strings', isString)
  checkList('allow', options.allow, 'strings', isString)
  checkList('patterns', options.patterns, 'regular expressions', types.isRegExp)
  if (options.pii !== undefined && typeof options.pii !== 'boolean') {
    throw refuse('redact.pii', 'true or false', options.pii)
  }
}

const isRecord = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const isString = (value: unknown): boolean => typeof value === 'string' && value !== ''

function checkList(name: string, list: unknown, of: string, fits: (item: unknown) => boolean): void {
  if (list === undefined) return
  if (!Array.isArray(list)) throw refuse(`redact.${name}`, `an array of ${of}`, list)
  for (const [index, item] of list.entries()) {
    if (!fits(item)) throw refuse(`redact.${name}`, `an array of ${of}`, item, ` at index ${index}`)
  }
}

function refuse(name: string, takes: string, got: unknown, where = ''): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${describe(got)}${where}.`)
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'function') return 'a function'
  if (value === '') return 'an empty string'
  return `${typeof value} ${String(value).slice(0, 40)}`
}
