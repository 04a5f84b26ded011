import { wordsOf } from './names.js'

/** The words of a secret, each also in the plural. The SDK redacts by the same ones. */
const words = new Set(
  (
    'password passwd pwd passphrase passcode secret token authorization cookie credential jwt bearer cvv cvc ssn otp ' +
    'pin csrf xsrf'
  ).split(' '),
)

/** Two words that are a secret side by side, the second also in the plural. */
const pairs = new Set([
  'api key',
  'private key',
  'secret key',
  'access key',
  'encryption key',
  'signing key',
  'card number',
  'account number',
  'connection string',
  'database url',
  'database uri',
  'db url',
  'mongo url',
  'mongo uri',
  'mongodb uri',
  'mfa code',
  'security number',
  'auth header',
])

const contained = /password|passwd|secret|token|apikey|authorization|credential|privatekey/
const harmless = /^(?:token(?:i[sz]|er)|secretar|passwordless)/

/** Before a secret's name, it says that the secret itself is not there. */
const asking = new Set(
  (
    'has is are was should can must may does did with without no not missing invalid valid expired unknown uses use needs requires require ' +
    'supports masked redacted truncated hashed encrypted obfuscated page next previous prev continuation cursor cancel cancellation abort ' +
    'unexpected num total max min count input output prompt completion cached remaining used'
  ).split(' '),
)

/** After a secret's name, it says that something about the secret is meant. */
const describing = new Set(
  (
    'id ids count counts length size name names type types kind at in on expires expiry expired expiration expire ttl age max min limit limits usage ' +
    'used left remaining bucket enabled disabled required optional consent policy policies banner accepted status state strength version versions ' +
    'prefix suffix last4 last endpoint url uri link path domain issuer audience scope scopes source provider field fields param params ' +
    'method methods attempts attempt retries reset resets changed updated created rotated revoked issued verified validated refreshed missing invalid ' +
    'valid present set exists found matches mismatch error errors failed event events service client store manager repository options settings config ' +
    'days hours minutes seconds ms second minute check rule rules schema format algorithm alg hint location dialog form page request requests response ' +
    'owner user holder index position per budget cost price estimate attribute attributes arn address addresses addr symbol contract ' +
    'decimals mint balance amount supply edited added removed deleted cached loaded ref refs reference map placeholder sent received requested shared stored saved matched'
  ).split(' '),
)

/** Whether what has this name is a secret, as far as names tell. */
export function isSecretName(name: string): boolean {
  const all = wordsOf(name.replace(/\d+/g, '_')).filter((word) => !harmless.test(word))
  const last = all.at(-1) ?? ''
  if (all.includes('without') || all.includes('sans')) return false
  if (isPair(all.at(-2), last)) return !asking.has(all[0] ?? '')
  if (all.includes('password') && /^(?:hash|hashed|digest)$/.test(all[0] === 'hashed' ? 'hashed' : last))
    return true
  if (describing.has(last) || asking.has(all[0] ?? '')) return false
  if (last === 'hash' || last === 'digest' || last === 'fingerprint') return false
  return all.some(
    (word, index) =>
      // Many tokens are counted, one is kept.
      word !== 'tokens' &&
      // pinDigests, pinVersions: to hold fast.
      !(word === 'pin' && index < all.length - 1 && !/^(?:code|number)$/.test(all[index + 1] ?? '')) &&
      (words.has(word) || words.has(singular(word)) || isPair(all[index - 1], word) || contained.test(word)),
  )
}

/** Whether something about a secret is meant, or whether there is one: `tokenLength`, `hasPassword`. */
export function isAboutName(name: string): boolean {
  const all = wordsOf(name)
  return describing.has(all.at(-1) ?? '') || asking.has(all[0] ?? '')
}

function isPair(first: string | undefined, second: string): boolean {
  return pairs.has(`${first} ${second}`) || pairs.has(`${first} ${singular(second)}`)
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word
}
