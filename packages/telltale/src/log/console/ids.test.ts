import { expect, it } from 'vitest'
import { shortId } from './ids.js'

it.each([
  ['9f3c5d7721aa0b11', '9f3c', 'random hexadecimal'],
  ['3b241101-e2bb-4255-8caf-4136c566a962', '3b24', 'a UUID, version 4'],
  ['0190163d-8694-739b-aea5-966c26f8ad91', 'ad91', 'a UUID, version 7, begins with the time'],
  ['01J0YQ7Z3W5T9V8N6M4K2H0FQX', '0FQX', 'a ULID begins with the time'],
  ['req-17', '17', 'a counter'],
  ['gateway~eu:4f2b1c', '2b1c', 'a prefix'],
  ['~~~~~~~~', '~~~~', 'nothing but punctuation'],
])('%s is shown as %s: %s', (id, short) => {
  expect(shortId(id)).toBe(short)
})
