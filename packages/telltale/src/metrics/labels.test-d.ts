import { expectTypeOf } from 'vitest'
import { counter, gauge, histogram, type BoundCounter } from './index.js'

const submissions = counter('assessment_submissions_total', {
  help: 'Assessment submissions by outcome.',
  labels: { skill_area: String, attempt: Number, retake: Boolean, status: ['success', 'validation_error'] },
})
type Values = Parameters<typeof submissions.inc>[0]
expectTypeOf<Values>().toEqualTypeOf<{
  readonly skill_area: string
  readonly attempt: number
  readonly retake: boolean
  readonly status: 'success' | 'validation_error'
}>()

const right = { skill_area: 'math', attempt: 1, retake: false, status: 'success' } as const
submissions.inc(right)
submissions.inc(right, 2)
expectTypeOf(submissions.with(right)).toEqualTypeOf<BoundCounter>()
// @ts-expect-error an unknown value of an enumerated label
submissions.inc({ ...right, status: 'sucess' })
// @ts-expect-error a value of another kind
submissions.inc({ ...right, attempt: '1' })
// @ts-expect-error a missing label
submissions.inc({ skill_area: 'math', attempt: 1, status: 'success' })
// @ts-expect-error an unknown label
submissions.inc({ skill_area: 'math', attempt: 1, retake: false, status: 'success', more: 'x' })
// @ts-expect-error no labels
submissions.inc()
// @ts-expect-error a number in place of the labels
submissions.inc(1)
// @ts-expect-error no labels
submissions.with()

const starts = counter('starts_total', { help: 'Starts.' })
starts.inc()
starts.inc(2)
starts.with().inc()
// @ts-expect-error it has no labels
starts.inc({ kind: 'x' })
// @ts-expect-error a counter does not go down
starts.dec()
// @ts-expect-error help is needed
counter('helpless_total', {})
// @ts-expect-error a label is String, Number, Boolean or a list of strings
counter('dated_total', { help: 'D.', labels: { at: Date } })

const pool = gauge('pool_connections', {
  help: 'Connections.',
  labels: { pool: ['a', 'b'] },
  collect: (g) => g.set({ pool: 'a' }, 1),
})
pool.set({ pool: 'b' }, 1)
pool.inc({ pool: 'b' })
pool.dec({ pool: 'b' }, 2)
// @ts-expect-error the value is missing
pool.set({ pool: 'b' })
gauge('temperature_celsius', { help: 'T.', collect: (g) => g.set(21) }).set(20)
// @ts-expect-error buckets are a histogram's
gauge('g', { help: 'G.', buckets: [1] })

const render = histogram('report_render_seconds', {
  help: 'R.',
  labels: { kind: ['pdf', 'csv'] },
  buckets: [1, 2],
})
render.observe({ kind: 'pdf' }, 0.1)
expectTypeOf(render.time({ kind: 'pdf' }, () => 5)).toEqualTypeOf<number>()
expectTypeOf(render.time({ kind: 'csv' }, async () => 'x')).toEqualTypeOf<Promise<string>>()
expectTypeOf(render.with({ kind: 'csv' }).time(() => ({}) as PromiseLike<1>)).toEqualTypeOf<Promise<1>>()
expectTypeOf(render.time({ kind: 'pdf' }, () => JSON.parse('1'))).toBeAny()
// @ts-expect-error an unknown kind
render.time({ kind: 'doc' }, () => 5)
// @ts-expect-error the function is missing
render.time({ kind: 'pdf' })
const plain = histogram('wait_seconds', { help: 'W.' })
const timed = histogram('timed_seconds', { help: 'T.', labels: { kind: ['pdf', 'csv'], area: String } })
expectTypeOf(timed.startTimer()({ kind: 'pdf', area: 'a' })).toEqualTypeOf<number>()
timed.startTimer({ kind: 'pdf' })({ area: 'a' })
timed.startTimer({ kind: 'pdf' })({ area: 'a', kind: 'csv' })
timed.startTimer({ kind: 'pdf', area: 'a' })()
timed.startTimer({ kind: 'pdf', area: 'a' })({ kind: 'csv' })
plain.startTimer()()
// @ts-expect-error a label is missing
timed.startTimer({ kind: 'pdf' })()
// @ts-expect-error a label is missing
timed.startTimer({ kind: 'pdf' })({ kind: 'csv' })
// @ts-expect-error all are missing
timed.startTimer()()
// @ts-expect-error an unknown value
timed.startTimer({ kind: 'doc' })
// @ts-expect-error an unknown label
timed.startTimer({ kind: 'pdf', more: 'x' })
// @ts-expect-error an unknown label
timed.startTimer({ kind: 'pdf' })({ area: 'a', more: 'x' })
// @ts-expect-error it has no labels
plain.startTimer({ kind: 'pdf' })
plain.observe(1)
expectTypeOf(plain.time(() => true)).toEqualTypeOf<boolean>()

const kinds: readonly string[] = ['a', 'b']
counter('dynamic_total', { help: 'D.', labels: { kind: kinds } }).inc({ kind: 'anything' })
