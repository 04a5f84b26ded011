import { types } from 'node:util'

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

const accepted = ['keys', 'allow', 'patterns', 'pii']

/** Throws TypeError naming the option, what it got and what it takes. */
export function checkOptions(options: RedactOptions): void {
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
