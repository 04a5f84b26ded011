import { expectTypeOf } from 'vitest'
import { getLogger, type Logger } from '../index.js'

interface Events {
  assessment_started: { user_id: string; assessment_id: string; attempt?: number }
  cache_cleared: Record<never, never>
}

const log = getLogger<Events>('assessments')

log.info('assessment_started', { user_id: 'u', assessment_id: 'a' })
log.info('cache_cleared')
log.info('cache_cleared', {})
log.error('assessment_started', { user_id: 'u', assessment_id: 'a', error: new Error('e') })
log.exception('cache_cleared', new Error('e'))
expectTypeOf(log.skip('cache_cleared')).toEqualTypeOf<undefined>()
expectTypeOf(log.skip('cache_cleared', {}, 5 as number)).toEqualTypeOf<number>()

// @ts-expect-error An unknown event.
log.info('assessment_begun', { user_id: 'u' })
// @ts-expect-error Its fields are missing.
log.info('assessment_started')
// @ts-expect-error One is missing.
log.info('assessment_started', { user_id: 'u' })
// @ts-expect-error One is unknown.
log.info('assessment_started', { user_id: 'u', assessment_id: 'a', colour: 'red' })
// @ts-expect-error One has another type.
log.warning('assessment_started', { user_id: 7, assessment_id: 'a' })

// @ts-expect-error It has no fields.
log.info('cache_cleared', { x: 1 })
log.error('cache_cleared', { error: new Error('e') })
// @ts-expect-error An error is no field of an event that tells of none.
log.info('cache_cleared', { error: new Error('e') })

const bound = log.bind({ user_id: 'u' })
bound.info('assessment_started', { assessment_id: 'a' })
// @ts-expect-error What is not bound is still needed.
bound.info('assessment_started', {})

expectTypeOf(getLogger('plain')).toEqualTypeOf<Logger>()
getLogger('plain').info('anything', { at: 'all' })
