import { cardExempt, screenCards } from './card.js'
import { censor } from './censor.js'
import type { KeyRule } from './keys.js'
import { screenPairs } from './pairs.js'
import { screenAddresses, screenEmails } from './pii.js'
import { screenSchemes } from './scheme.js'
import { findSigns, signs } from './signs.js'
import { screenCloudKeys, screenJwts, screenPem } from './tokens.js'
import { screenUrls } from './url.js'

export interface TextRuleOptions {
  /** Further secret texts; every match goes, whatever the flags. */
  patterns?: readonly RegExp[] | undefined
  /** E-mail and IP addresses too. */
  pii?: boolean | undefined
}

/** Screens one text, which stands under `key`; the same text comes back where there is nothing. Never throws. */
export type TextRule = (text: string, key?: string) => string

/**
 * The value rule: secrets wherever they stand in a text. A clean text costs one look at each character (signs.ts), a
 * sign the rules it stands for; all are linear in the text's length. A rule that fails takes the whole text.
 */
export function createTextRule(isSecretKey: KeyRule, options: TextRuleOptions = {}): TextRule {
  const patterns = options.patterns?.map(everyMatch) ?? []
  const pii = options.pii === true

  function screen(text: string, key: string | undefined): string {
    let out = text
    for (const pattern of patterns) out = pattern(out)
    const found = findSigns(out)
    if (found !== 0) out = screenSigns(out, found, isSecretKey, key)
    return pii ? screenAddresses(found & signs.at ? screenEmails(out) : out) : out
  }

  return (text, key) => {
    try {
      return screen(text, key)
    } catch {
      return censor
    }
  }
}

/** PEM first and pairs late: a value that a rule has replaced is not looked at again. */
function screenSigns(text: string, found: number, isSecretKey: KeyRule, key: string | undefined): string {
  let out = text
  if (found & signs.dashes) out = screenPem(out)
  if ((found & (signs.at | signs.separator)) === (signs.at | signs.separator)) out = screenUrls(out)
  if (found & signs.scheme) out = screenSchemes(out)
  if (found & signs.token) out = screenCloudKeys(screenJwts(out))
  if (found & (signs.separator | signs.percent)) {
    out = screenPairs(out, isSecretKey, (found & signs.percent) !== 0)
  }
  if (found & signs.digits && !cardExempt(key)) out = screenCards(out)
  return out
}

/** A copy of a pattern that finds every match and keeps no position between texts. */
function everyMatch(pattern: RegExp): (text: string) => string {
  let every: RegExp
  try {
    every = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`)
  } catch {
    return () => censor
  }
  return (text) => text.replace(every, (match) => (match === '' ? '' : censor))
}
