import type { Canary } from '../traffic/canaries.js'

export interface CanarySearch {
  /** Looks through a text that left the service; `where` names it for the report. */
  search(text: string, where: string): void
  /** Canaries that were found, by place. */
  found(): ReadonlyMap<string, Leak>
}

export interface Leak {
  /** The form it was found in. */
  form: string
  /** The text it was first found in. */
  where: string
  times: number
}

const EXCERPT = 160

/** Looks for canaries as they are and in the encodings that secrets travel in. */
export function createCanarySearch(canaries: readonly Canary[]): CanarySearch {
  const needles = canaries.flatMap(({ place, secret }) =>
    [...formsOf(secret)].map(([needle, form]) => ({ place, needle, form })),
  )
  const leaks = new Map<string, Leak>()
  return {
    search(text, where) {
      const here = new Set<string>()
      for (const { place, needle, form } of needles) {
        const at = here.has(place) ? -1 : text.indexOf(needle)
        if (at === -1) continue
        here.add(place)
        const leak = leaks.get(place)
        if (leak) {
          leak.times++
          continue
        }
        const excerpt = text.slice(Math.max(0, at - EXCERPT), at + needle.length + EXCERPT)
        leaks.set(place, { form, where: `${where}: …${excerpt}…`, times: 1 })
      }
    },
    found: () => leaks,
  }
}

/** Every form that `secret` is searched in, with the form's name: needle → name. */
export function formsOf(secret: string): Map<string, string> {
  const forms = new Map<string, string>()
  const add = (needle: string, form: string): void => {
    if (!forms.has(needle)) forms.set(needle, form)
  }
  add(secret, 'as it is')
  add(JSON.stringify(secret).slice(1, -1), 'JSON')
  add(encodeURIComponent(secret), 'URL-encoded')
  add(encodeURIComponent(encodeURIComponent(secret)), 'URL-encoded twice')
  add(everyByteEscaped(secret), 'URL-encoded')
  add(Buffer.from(secret).toString('hex'), 'hex')
  if (/^\d{16}$/.test(secret)) {
    add(secret.replace(/(\d{4})(?=\d)/g, '$1 '), 'in groups')
    add(secret.replace(/(\d{4})(?=\d)/g, '$1-'), 'in groups')
  }
  // A canary says who it is in its first half: a halved one is a leak as well.
  const mark = /^canary-[\w]+-/.exec(secret)?.[0]
  if (mark !== undefined) add(secret.slice(0, mark.length + 4), 'cut')
  for (const [needle, form] of base64Forms(secret)) add(needle, form)
  return forms
}

/** The part of the base64 that does not depend on what stands around the secret, for each of the three alignments. */
function* base64Forms(secret: string): Generator<[string, string]> {
  const bytes = Buffer.from(secret)
  for (const shift of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes])
    const text = padded.toString('base64').replace(/=+$/, '')
    const from = shift === 0 ? 0 : shift + 1
    const to = text.length - (padded.length % 3 === 0 ? 0 : 1)
    yield [text.slice(from, to), 'base64']
    yield [text.slice(from, to).replaceAll('+', '-').replaceAll('/', '_'), 'base64url']
  }
}

const everyByteEscaped = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
