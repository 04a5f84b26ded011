import { createRandom, type Random } from './random.js'

/** A synthetic secret: `text` is what a client sends, `secret` the part of it that must never leave the service. */
export interface Canary {
  place: Place
  text: string
  secret: string
}

/** Where a canary is planted. One canary a place, so that a leak names the way it took. */
export type Place = keyof typeof makers

export interface Canaries {
  /** The text to send. Asking is planting: the place counts as used from now on. */
  plant(place: Place): string
  all(): readonly Canary[]
  /** How often each place was used. */
  planted(): Partial<Record<Place, number>>
}

type Maker = (mark: string, random: Random) => { text: string; secret?: string }

const opaque: Maker = (mark) => ({ text: mark })
const bearer: Maker = (mark) => ({ text: `Bearer ${mark}`, secret: mark })
const basic: Maker = (mark) => {
  const encoded = Buffer.from(`visitor:${mark}`).toString('base64')
  return { text: `Basic ${encoded}`, secret: encoded }
}
const jwt: Maker = (mark, random) => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = part({ sub: 'u_1', canary: mark })
  return { text: `${part({ alg: 'HS256', typ: 'JWT' })}.${payload}.${random.text(43)}`, secret: payload }
}
const pem: Maker = (mark, random) => {
  const body = Buffer.from(`${mark}${random.text(60)}`).toString('base64')
  return { text: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`, secret: body }
}
const url: Maker = (mark) => ({ text: `postgres://reader:${mark}@db.internal:5432/marks`, secret: mark })
const card: Maker = (_mark, random) => ({ text: luhn(`4000${random.text(11, '0123456789')}`) })

const makers = {
  header_authorization_bearer: bearer,
  header_authorization_basic: basic,
  header_authorization_jwt: jwt,
  header_cookie: opaque,
  header_api_key: opaque,
  header_referer: url,
  header_user_agent: bearer,
  header_request_id: bearer,
  query_token: opaque,
  query_api_key: opaque,
  query_next: jwt,
  query_connection: url,
  query_encoded_bearer: bearer,
  path_reset: opaque,
  path_id: jwt,
  path_unknown: url,
  path_card: card,
  body_password: opaque,
  body_card_number: card,
  body_card_spaced: card,
  body_cvv: opaque,
  body_nested: opaque,
  body_answer_pem: pem,
  body_answer_bearer: bearer,
  body_user_id: bearer,
  body_skill_area: jwt,
  body_wrong_type: opaque,
  malformed_password: opaque,
  malformed_card: card,
  malformed_short: opaque,
} satisfies Record<string, Maker>

/**
 * The canaries of one run. `run` makes them unique to it; the same seed and run make the same ones, so that the
 * runner can look for them from the first line on. All are synthetic: an opaque one begins with `canary-`, a card
 * number is random digits that pass the Luhn check.
 */
export function createCanaries({ seed, run }: { seed: number; run: string }): Canaries {
  const canaries = {} as Record<Place, Canary>
  const uses: Partial<Record<Place, number>> = {}
  for (const [name, make] of Object.entries(makers)) {
    const place = name as Place
    const random = createRandom(`${seed}/${run}/${place}`)
    const made: ReturnType<Maker> = make(`canary-${run}-${random.text(12)}`, random)
    canaries[place] = { place, text: made.text, secret: made.secret ?? made.text }
  }
  return {
    plant(place) {
      uses[place] = (uses[place] ?? 0) + 1
      return canaries[place].text
    },
    all: () => Object.values(canaries),
    planted: () => uses,
  }
}

/** Completes 15 digits to a number that passes the Luhn check. */
function luhn(digits: string): string {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const weighed = at % 2 === 0 ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return digits + String((10 - (sum % 10)) % 10)
}
