import { describe, expect, it } from 'vitest'
import { settingsOf } from './settings.js'

const identity = { service: 'shop', version: '2.0.0' }
const SENTRY_DSN = 'https://key@sentry.example/42'

describe('settingsOf', () => {
  it('takes the project from the environment', () => {
    expect(settingsOf({}, identity, { SENTRY_DSN })).toMatchObject({
      dsn: { key: 'key' },
      release: 'shop@2.0.0',
    })
  })

  it.each([[false] as const, [{ dsn: '' }] as const])(
    'of %j there is none, whatever the environment',
    (off) => {
      expect(settingsOf(off, identity, { SENTRY_DSN })).toBeUndefined()
    },
  )
})
