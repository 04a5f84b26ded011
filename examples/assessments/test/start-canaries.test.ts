import { expect, test } from 'vitest'
import { createCanarySearch } from '../start/canary-search.js'
import { createCanaries, type Canary } from '../traffic/canaries.js'

const canaries = createCanaries({ seed: 1, run: 'feed' }).all()
const found = (text: string, among: readonly Canary[] = canaries): string[] => {
  const search = createCanarySearch(among)
  search.search(text, 'a line')
  return [...search.found().keys()]
}

test.each(canaries)('the canary $place is found in every form it may leave in', (canary) => {
  const { place, secret } = canary
  const forms = {
    plain: secret,
    json: JSON.stringify({ message: `<${secret}>` }),
    url: encodeURIComponent(`a b=${secret}&`),
    urlTwice: encodeURIComponent(encodeURIComponent(`/${secret}`)),
    everyByte: [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join(''),
    base64: Buffer.from(secret).toString('base64'),
    base64After1: Buffer.from(`x${secret}yz`).toString('base64'),
    base64After2: Buffer.from(`xy${secret}z`).toString('base64'),
    base64Long: Buffer.from(`{"password":"${secret}","more":"…"}`).toString('base64'),
    base64url: Buffer.from(`?>${secret}`).toString('base64url'),
    hex: Buffer.from(secret).toString('hex'),
  }
  for (const [form, text] of Object.entries(forms)) {
    expect.soft(found(`before ${text} after`, [canary]), form).toEqual([place])
  }
})

test('a card number is found in groups, and an opaque canary that was cut', () => {
  const of = (place: string): Canary => canaries.find((canary) => canary.place === place) as Canary
  const card = of('body_card_number')
  expect(found(card.secret.replace(/(.{4})(?=.)/g, '$1 '), [card])).toEqual(['body_card_number'])
  const token = of('query_token')
  expect(found(token.secret.slice(0, -6), [token])).toEqual(['query_token'])
})

test('nothing is found where nothing is', () => {
  expect(found('{"event":"user_logged_in","path":"/reset/[REDACTED]","canary":"canary-none"}')).toEqual([])
})

test('a leak says where it was first, in which form, and how often', () => {
  const [canary] = canaries as [Canary]
  const search = createCanarySearch([canary])
  search.search(`first ${canary.secret}`, 'the log')
  search.search(`second ${canary.secret}`, 'the scrape')
  expect(search.found().get(canary.place)).toEqual({
    form: 'as it is',
    where: expect.stringMatching(/^the log: …first /),
    times: 2,
  })
})
