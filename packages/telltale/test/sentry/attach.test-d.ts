import * as Sentry10 from 'sentry-10'
import * as Sentry11 from 'sentry-11'
import { expectTypeOf, it } from 'vitest'
import { attachSentry } from '../../src/sentry/index.js'

it('the SDK is taken as it is imported', () => {
  expectTypeOf(attachSentry).toBeCallableWith(Sentry10)
  expectTypeOf(attachSentry).toBeCallableWith(Sentry11, { pii: true, exitFlushMs: 0 })
  // @ts-expect-error -- one without any client
  attachSentry({})
})
