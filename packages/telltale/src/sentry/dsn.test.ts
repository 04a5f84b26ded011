import { expect, it } from 'vitest'
import { dsnOf } from './dsn.js'

it.each([
  ['https://abc@sentry.example/42', 'https://sentry.example/api/42/envelope/'],
  ['http://abc@127.0.0.1:9000/1', 'http://127.0.0.1:9000/api/1/envelope/'],
  ['https://abc:old@sentry.example/42', 'https://sentry.example/api/42/envelope/'],
  ['https://abc@sentry.example/behind/it/42', 'https://sentry.example/behind/it/api/42/envelope/'],
  ['https://abc@sentry.example/42/?x=1', 'https://sentry.example/api/42/envelope/'],
])('%s is posted to %s', (text, url) => {
  expect(dsnOf(text)).toEqual({ url: new URL(url), key: 'abc' })
})

it.each([
  '',
  'abc',
  'https://sentry.example/42',
  'https://abc@sentry.example',
  'https://abc@sentry.example/',
  'https://abc@sentry.example/name',
  'ftp://abc@sentry.example/42',
  'https://a%20b@sentry.example/42',
])('%j is none', (text) => {
  expect(dsnOf(text)).toBeUndefined()
})
