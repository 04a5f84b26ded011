import { describe, expect, it } from 'vitest'
import { checkSentry } from './options.js'

const dsn = 'https://S3cretKey@sentry.example/42'

describe('checkSentry', () => {
  it.each([
    [{}],
    [false],
    [{ dsn: '' }],
    [{ dsn, release: 'r1', environment: 'staging', pii: true, beforeSend: () => null }],
    [{ flood: false, maxQueue: 1, exitFlushMs: 0 }],
    [{ flood: { perSecond: 0.1 }, exitFlushMs: 60_000 }],
    [{ flood: { perSecond: 5, burst: 50 }, dsn: undefined }],
  ])('accepts %j', (options) => {
    expect(() => checkSentry(options)).not.toThrow()
  })

  it.each([
    [5, 'setup(): sentry must be false, or an object with dsn, release, environment'],
    [null, 'got null.'],
    [true, 'got boolean true.'],
    [[dsn], 'got an array.'],
    [{ dns: dsn }, 'setup(): sentry.dns is not an option; sentry takes dsn, release,'],
    [
      { dsn: 'sentry.example/42' },
      'setup(): sentry.dsn must be a DSN as the project shows it, https://key@host/project',
    ],
    [{ dsn: 5 }, 'got a number that is none.'],
    [{ release: ' ' }, 'setup(): sentry.release must be a string that is not empty'],
    [{ environment: 5 }, 'got number 5.'],
    [{ pii: 'yes' }, 'setup(): sentry.pii must be true or false, got string "yes".'],
    [{ beforeSend: {} }, 'setup(): sentry.beforeSend must be a function of the event, got an object.'],
    [{ flood: true }, 'setup(): sentry.flood must be false, or an object with perSecond'],
    [{ flood: { burst: 5 } }, 'sentry.flood'],
    [{ flood: { perSecond: 0 } }, 'sentry.flood'],
    [{ flood: { perSecond: 1, burst: 0 } }, 'sentry.flood'],
    [{ flood: { perSecond: 1, size: 1 } }, 'sentry.flood'],
    [{ maxQueue: 0 }, 'setup(): sentry.maxQueue must be a whole number of at least 1, got number 0.'],
    [{ exitFlushMs: 60_001 }, 'setup(): sentry.exitFlushMs must be a number of milliseconds from 0 to 60000'],
    [{ exitFlushMs: NaN }, 'sentry.exitFlushMs'],
  ])('refuses %j', (options, said) => {
    expect(() => checkSentry(options)).toThrow(TypeError)
    expect(() => checkSentry(options)).toThrow(said)
  })

  it('never says what a DSN is', () => {
    expect(() => checkSentry({ dsn: dsn.replace('/42', '/x') })).toThrow(
      /^(?!.*S3cretKey).*got a string that is none\.$/,
    )
  })
})
