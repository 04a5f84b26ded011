import { ownCopy } from './own-copy.js'

/**
 * The one table of the key rule; docs/redaction.md and the tests are generated from it. A `word` stands alone, `pairs`
 * stand side by side, each also in the plural; `contained` stands anywhere in the key without its separators;
 * `passing` is a whole key in any spelling, or, where it is one word, that word in any key.
 */
export const keyTable = {
  words: [
    'password',
    'passwd',
    'pwd',
    'passphrase',
    'passcode',
    'secret',
    'token',
    'authorization',
    'cookie',
    'credential',
    'jwt',
    'bearer',
    'cvv',
    'cvc',
    'ssn',
    'otp',
    'pin',
    'mfa',
    'csrf',
    'xsrf',
    'sid',
  ],
  pairs: [
    'api key',
    'private key',
    'secret key',
    'access key',
    'encryption key',
    'signing key',
    'card number',
    'account number',
    'session id',
    'connection string',
    'database url',
  ],
  contained: ['password', 'passwd', 'secret', 'token', 'apikey', 'authorization', 'credential', 'privatekey'],
  passing: [
    'max_tokens',
    'min_tokens',
    'total_tokens',
    'input_tokens',
    'output_tokens',
    'prompt_tokens',
    'prompt_tokens_details',
    'completion_tokens',
    'completion_tokens_details',
    'cached_tokens',
    'reasoning_tokens',
    'remaining_tokens',
    'used_tokens',
    'tokens_used',
    'tokens_remaining',
    'tokens_per_second',
    'tokens_per_minute',
    'token_bucket',
    'token_count',
    'token_counts',
    'token_endpoint',
    'token_expired',
    'token_expires_at',
    'token_expires_in',
    'token_limit',
    'token_type',
    'token_usage',
    'tokenize',
    'tokenized',
    'tokenizer',
    'tokenizers',
    'tokenization',
    'page_token',
    'next_page_token',
    'previous_page_token',
    'continuation_token',
    'secretary',
    'secretaries',
    'secretariat',
    'cookie_consent',
    'cookie_policy',
    'cookies_accepted',
    'cookies_enabled',
    'credentials_count',
    'credential_type',
    'authorization_endpoint',
    'authorization_status',
    'password_changed_at',
    'password_expires_at',
    'password_length',
    'password_strength',
    'password_updated_at',
    'has_password',
    'mfa_enabled',
    'mfa_required',
    'pin_count',
  ],
} as const

/** Whether the value under `key` must go. Give the value: `tokens` passes with a number. */
export type KeyRule = (key: string, value?: unknown) => boolean

/** `keys`: further secret words or whole keys; `allow`: further keys that pass. Spelling (snake, kebab, camel) is free. */
export interface KeyRuleOptions {
  keys?: readonly string[] | undefined
  allow?: readonly string[] | undefined
}

const maxCached = 4096
/** A longer key is judged by this much of its beginning and of its end. */
const maxKey = 256

// In order: of a long key's two ends the stricter verdict holds.
const pass = 0
/** Only `tokens` speaks against it: a count passes. */
const secretUnlessNumber = 1
const secret = 2
type Verdict = typeof pass | typeof secret | typeof secretUnlessNumber

// An acronym in the plural (`userJWTs`), an acronym before a word (`APIKey`), a word, letters without case.
const humps = /\p{Lu}{2,}s(?!\p{Ll})|\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\P{L}\p{Lu}\p{Ll}]+|\p{N}+/gu

function split(key: string): string[] {
  const words = key.normalize('NFKC').match(humps) ?? []
  return words.map((word) => word.toLowerCase())
}

const number = /^\p{N}/u

/** The key's one spelling: `XSRF-TOKEN`, `xsrfToken` and `xsrf_token` are one. */
const spelling = (words: readonly string[]): string => words.join('_')

const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word)

const words: ReadonlySet<string> = new Set(keyTable.words)
const pairs: ReadonlySet<string> = new Set(keyTable.pairs)
const passing: ReadonlySet<string> = new Set(keyTable.passing)

/**
 * The key rule: by words, neighbouring words and contained strings. Throws nothing. A key seen before costs one Map
 * lookup; a new one some microseconds.
 */
export function createKeyRule(options: KeyRuleOptions = {}): KeyRule {
  const allowed = new Set(options.allow?.map(exact))
  const wholeKeys = new Set(options.keys?.map(exact))
  const sequences = new Set(
    (options.keys ?? []).map((key) => spelling(split(key))).filter((key) => key !== ''),
  )
  const cache = new Map<string, Verdict>()

  function judge(key: string): Verdict {
    const name = exact(key)
    if (wholeKeys.has(name)) return secret
    if (allowed.has(name)) return pass
    const all = split(key)
    for (const sequence of sequences) if (`_${spelling(all)}_`.includes(`_${sequence}_`)) return secret
    if (passing.has(spelling(all))) return pass
    return judgeWords(all.filter((word) => !number.test(word) && !passing.has(word)))
  }

  return (key, value) => {
    let verdict = cache.get(key)
    if (verdict === undefined) {
      if (key.length > maxKey) {
        verdict = Math.max(judge(key.slice(0, maxKey)), judge(key.slice(-maxKey))) as Verdict
      } else {
        verdict = judge(key)
        if (cache.size >= maxCached) cache.clear()
        cache.set(ownCopy(key), verdict)
      }
    }
    if (verdict === secretUnlessNumber) return typeof value !== 'number' && typeof value !== 'bigint'
    return verdict === secret
  }
}

/** A key of symbols or digits alone has no words: it stands for itself. */
function exact(key: string): string {
  return spelling(split(key)) || key
}

function judgeWords(all: readonly string[]): Verdict {
  if (secretWords(all))
    return all.includes('tokens') && !secretWords(all.filter(notTokens)) ? secretUnlessNumber : secret
  return pass
}

const notTokens = (word: string): boolean => word !== 'tokens'

function secretWords(all: readonly string[]): boolean {
  for (const [index, word] of all.entries()) {
    if (words.has(word) || words.has(singular(word))) return true
    const pair = `${all[index - 1] ?? ''} ${word}`
    if (pairs.has(pair) || pairs.has(singular(pair))) return true
  }
  const joined = all.join('')
  return keyTable.contained.some((text) => joined.includes(text))
}
