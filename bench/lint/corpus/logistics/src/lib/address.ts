import type { Address, Country } from '../types'

const POSTCODES: Partial<Record<Country, RegExp>> = {
  DE: /^\d{5}$/,
  NL: /^\d{4}\s?[A-Z]{2}$/i,
  PL: /^\d{2}-\d{3}$/,
  GB: /^[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}$/i,
}

export const hasValidPostcode = (a: Pick<Address, 'country' | 'postcode'>): boolean => {
  const pattern = POSTCODES[a.country]
  if (!pattern) return true  //= return: no  predicate
  return pattern.test(a.postcode.trim())
}

/** "Kerkstraat 12-3" -> street, house number and addition; carriers want the three apart */
export const splitStreet = (line: string): { street: string; number: string; addition?: string } | null => {
  const m = /^(.+?)\s+(\d+)\s*[-/ ]?\s*([a-z\d]*)$/i.exec(line.trim())
  if (!m) return null  //= return: no  parser
  const [, street, number, addition] = m
  if (!addition) return { street, number }  //= return: no  parser
  return { street, number, addition }
}

export const sameDestination = (a: Address, b: Address) => {
  if (a.country !== b.country) return false  //= return: no  predicate
  if (a.postcode.replace(/\s/g, '') !== b.postcode.replace(/\s/g, '')) return false  //= return: no  predicate
  return a.line1.toLowerCase() === b.line1.toLowerCase()
}

export const zoneFor = (from: Country, to: Country): 'domestic' | 'eu' | 'world' => {
  switch (true) {
    case from === to:
      return 'domestic'  //= return: no  pure mapping
    case EU.has(from) && EU.has(to):
      return 'eu'  //= return: no  pure mapping
    default:
      return 'world'  //= return: no  pure mapping
  }
}

const EU = new Set<Country>(['DE', 'NL', 'PL', 'FR', 'BE', 'AT', 'IT', 'ES'])

export const decodeHouseNote = (raw: string | null): string => {
  if (raw == null) return ''  //= return: no  parser
  try {
    return decodeURIComponent(raw)  //= return: no  parser
  } catch {  //= catch: no  decode probe
    return raw  //= return: no  decode fallback
  }
}
